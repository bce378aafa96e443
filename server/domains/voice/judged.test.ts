import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { system } from '../../skills/system/index.ts'

/** Sentences of somebody who has not seen the code; what of them was looked at since says test/corpora. */
interface Judged {
  text: string
  agent: number
}

const opened = await openTestApp()
after(() => opened.remove())
const { token } = await opened.claim()
await opened.app.language.warmUp()
const effects = new Map(
  [system, ...opened.app.agents.skills.all()].flatMap(({ agent, actions }) =>
    Object.entries(actions).map(
      ([name, { effect }]) => [`${agent.number} ${name}`, effect] as [string, string],
    ),
  ),
)

function read(name: string): Judged[] {
  const path = new URL(`../../../test/corpora/${name}.jsonl`, import.meta.url)
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Judged)
}

let conversations = 0
function say(text_fallback: string, dry_run: boolean) {
  conversations += 1
  const context = { conversation_id: `judge ${conversations}` }
  return opened.ask(token, 'voice.process', { text_fallback, context, dry_run })
}

test('of sentences that ask for nothing none has an effect, and one in a hundred at most is answered without asking', async () => {
  for (const [name, most] of [
    ['out-of-scope', 8],
    ['out-of-scope-late', 3],
    ['out-of-scope-near', 45],
  ] as const) {
    const done: string[] = []
    for (const { text } of read(name)) {
      const { command_understood, response, intent, agent_routing } = await say(text, false)
      if (command_understood && !response.requires_followup)
        done.push(`${agent_routing.target_agent ?? 0} ${intent.action}: ${text}`)
    }
    // "Shut up" stops what runs, which is nothing.
    const harmful = done.filter((one) => {
      const [action = ''] = one.split(':', 1)
      return action !== '0 stop' && effects.get(action) !== 'read'
    })
    assert.deepEqual(harmful, [])
    assert.ok(done.length <= most, done.join('\n'))
  }
})

/** How many of them reach their agent; the system and its concierge, agent 1, share what is asked of the system. */
async function reached(name: string): Promise<number> {
  let right = 0
  for (const { text, agent } of read(name)) {
    const { command_understood, agent_routing } = await say(text, true)
    const went = command_understood ? (agent_routing.target_agent ?? 0) : undefined
    if (went === agent || (agent <= 1 && went !== undefined && went <= 1)) right += 1
  }
  return right
}

test('commands in three languages reach the agent that they are for', async () => {
  assert.ok((await reached('commands')) >= 140)
  assert.ok((await reached('german')) >= 98)
  assert.ok((await reached('spanish')) >= 97)
})
