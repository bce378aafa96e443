import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VoiceProcessed } from '../contract/voice.ts'
import { findEngine } from '../server/domains/speech/ears/library.ts'
import { SPEAKERS, recording, spoken } from '../server/domains/voice/round-trip/rig.ts'
import { openTestApp } from '../test/app.ts'
import { finish, median, report } from './report.ts'

/**
 * How long it takes until a name that an agent is given is recognised in speech: from the answer that it has it to the
 * answer to a recording with the name in it, that was sent at once. The control is the same recording once more, when
 * nothing has been changed before it. Names are of people, and none of them is a word of a command.
 */
const NAMES =
  'Zelda Barnaby Octavia Quentin Ludmilla Ignatius Marigold Thaddeus Beatrix Cornelius Philomena Leopold'.split(
    ' ',
  )
const AGENT = 2

const found = findEngine()
if ('missing' in found) {
  console.log(`SKIPPED: ${found.missing.problem} ${found.missing.remedy}`)
  process.exit(0)
}
const [voice] = SPEAKERS
const data_dir = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const opened = await openTestApp({ data_dir, recogniser: undefined })
try {
  const { token } = await opened.claim()
  await opened.app.language.warmUp()
  const said = await Promise.all(
    NAMES.map(async (name) => ({
      name,
      audio_data: recording(await spoken(`ask ${name} to list my notes`, voice)),
    })),
  )
  let conversations = 0
  const hear = async (audio_data: string): Promise<{ ms: number; text: string; agent: number }> => {
    conversations += 1
    const began = performance.now()
    const context = { conversation_id: `name ${conversations}` }
    const reply = await opened.call(token, 'voice.process', { audio_data, context, dry_run: true })
    const ms = performance.now() - began
    if (!reply.ok) return { ms, text: '', agent: -1 }
    const { transcribed_text: text, agent_routing } = reply.data as VoiceProcessed
    return { ms, text, agent: agent_routing.target_agent ?? -1 }
  }
  for (const { audio_data } of said.slice(0, 3)) await hear(audio_data)
  const pairs: [number, number][] = []
  let before = 0
  let recognised = 0
  let routed = 0
  for (const { name, audio_data } of said) {
    if ((await hear(audio_data)).text.toLowerCase().includes(name.toLowerCase())) before += 1
    const reply = await opened.call(token, 'agents.update', { id: String(AGENT), name })
    if (!reply.ok) throw new Error(JSON.stringify(reply))
    const first = await hear(audio_data)
    const again = await hear(audio_data)
    if (first.text.toLowerCase().includes(name.toLowerCase())) recognised += 1
    else console.log(`  ${name} was heard as: ${first.text}`)
    if (first.agent === AGENT) routed += 1
    pairs.push([first.ms, again.ms])
  }
  const more = pairs.map(([first, again]) => first - again)
  console.log(
    `${NAMES.length} names: heard at once ${recognised}, before they were given ${before}; went to the agent ${routed}`,
  )
  console.log(
    `from the name to the answer: median ${median(pairs.map(([ms]) => ms)).toFixed(0)} ms, most ${Math.max(...pairs.map(([ms]) => ms)).toFixed(0)} ms (aim 1000); of it because of the new name ${median(more).toFixed(0)} ms`,
  )
  report('ms of a recording with a new name, against once more', pairs, { most: 6 })
} finally {
  await opened.remove()
  rmSync(data_dir, { recursive: true, force: true })
}
finish()
