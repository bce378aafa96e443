import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openGitHub } from './github/fixture.ts'
import type { GitHub } from './github/fixture.ts'

async function say({ ask, ann }: GitHub, text_fallback: string) {
  const { intent, agent_routing, response } = await ask(ann.token, 'voice.process', {
    text_fallback,
  })
  return {
    action: intent.action,
    agent: agent_routing.target_agent,
    text: response.text,
    asks: response.requires_followup,
  }
}

test('a service is asked by its name, what is missing is asked for, and what changes something is asked about', async (t) => {
  const server = await openGitHub(t)
  await server.bring()
  const got = await say(server, 'GitHub get a repository owner octocat repo Hello-World')
  assert.deepEqual(got, { action: 'repos_get', agent: 20, text: 'GitHub answered: repos/get.', asks: false })
  assert.equal(server.got[0]?.url, '/repos/octocat/Hello-World')
  const first = await say(server, 'github create an issue owner octocat')
  assert.deepEqual(first, { action: 'issues_create', agent: 20, text: 'What is the repo?', asks: true })
  assert.equal((await say(server, 'Hello-World')).text, 'What is the title?')
  const before = await say(server, 'The lamp is broken')
  const question =
    'That asks GitHub to: Create an issue (owner octocat, repo Hello-World, title The lamp is broken). Shall I?'
  assert.deepEqual([before.text, before.asks, server.got.length], [question, true, 1])
  assert.equal((await say(server, 'yes')).text, 'GitHub answered: issues/create.')
  const [, issue] = server.got
  assert.deepEqual(
    [issue?.url, issue?.body],
    ['/repos/octocat/Hello-World/issues', '{"title":"The lamp is broken"}'],
  )
})

test('with 665 actions every sentence for others goes where it went, and every phrase of a service to its own action', async (t) => {
  const server = await openGitHub(t)
  const { app, ann, clock, ask } = server
  const meant = async (text: string) => {
    const heard = { text, now: clock.now(), time_zone: 'UTC', wake_words: [] }
    const { meaning } = await app.language.understand(ann.user_id, {
      ...heard,
      active_agent: undefined,
      only_agent: undefined,
    })
    return `${meaning?.agent_number} ${meaning?.name}`
  }
  const lines = readFileSync(new URL('../../../test/data/sentences.jsonl', import.meta.url), 'utf8').trim()
  const sentences = lines.split('\n').map((line) => (JSON.parse(line) as { text: string }).text)
  const all = async () => Promise.all(sentences.map(meant))
  const before = await all()
  await server.bring()
  assert.deepEqual(await all(), before)
  let cursor: string | undefined
  do {
    const page = { agent: '20', id: 'github', limit: 500, ...(cursor === undefined ? {} : { cursor }) }
    const { actions, next_cursor } = await ask(ann.token, 'integrations.actions', page)
    for (const { name, phrases } of actions)
      for (const phrase of phrases) assert.equal(await meant(spoken(phrase)), `20 ${name}`, phrase)
    cursor = next_cursor
  } while (cursor !== undefined)
})

/** A phrase as it is said, with a value in each of its slots. */
function spoken(phrase: string): string {
  return phrase
    .replaceAll(/\{(\w+)\}/g, (_slot, name: string) => (/id|number/.test(name) ? '5' : 'word'))
    .replaceAll(/[[\]]/g, '')
}
