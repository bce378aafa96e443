import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { difference } from '../server/domains/speech/ears/difference.ts'
import { recogniserFor } from '../server/domains/speech/ears/knowledge.ts'
import { findEngine } from '../server/domains/speech/ears/library.ts'
import { openDecoder } from '../server/domains/speech/ears/pocketsphinx.ts'
import { hintsOf, say } from '../server/domains/speech/ears/rig.ts'
import { typed } from '../server/domains/language/catalogue.ts'
import { concierge } from '../server/skills/concierge/index.ts'
import { notes } from '../server/skills/notes/index.ts'
import { reminders } from '../server/skills/reminders/index.ts'
import type { Action } from '../server/skills/skill.ts'
import { system } from '../server/skills/system/index.ts'
import { tasks } from '../server/skills/tasks/index.ts'
import { finish, median, report } from './report.ts'

/** Commands as the phrases of the built-in agents have them. */
const COMMANDS = [
  'list all my agents',
  'show me the workflows',
  'what is running right now',
  'what changed yesterday',
  'undo the last change',
  'remind me to water the plants at half past seven',
  'remind me to call the bank in twenty minutes',
  'set a timer for ten minutes',
  'add bread to my shopping list',
  'what is on my shopping list',
]
const VOICES = ['rms', 'slt'] as const
const CHUNK = 1280

const found = findEngine()
if ('missing' in found) {
  console.log(`skipped: ${found.missing.problem} ${found.missing.remedy}`)
  process.exit(0)
}
const { files } = found
const folder = mkdtempSync(path.join(tmpdir(), 'paios-bench-speech-'))
const phrases = [system, concierge, notes, reminders, tasks].flatMap(({ actions }) =>
  Object.values(actions).flatMap((action: Action) => [
    ...action.phrases.map((phrase) => typed(phrase, action)),
    ...action.examples,
  ]),
)

/** Milliseconds of processor time that some work takes. */
async function timed<T>(work: () => Promise<T> | T): Promise<[ms: number, value: T]> {
  const started = process.cpuUsage()
  const value = await work()
  const { user, system: kernel } = process.cpuUsage(started)
  return [(user + kernel) / 1000, value]
}

/** Words that are wrong, in per cent; one for none, so that a ratio exists. */
function wrong(said: string, heard: string): number {
  const words = said.split(' ')
  return 1 + (100 * difference(words, heard.split(' '))) / words.length
}

const [compile_ms, commands] = await timed(() => recogniserFor(hintsOf(phrases), folder, 'live'))
const names = Array.from({ length: 50 }, (_, number) => `helper ${number + 1}`)
const [again_ms] = await timed(() =>
  recogniserFor(hintsOf(phrases, { names: { agent: names } }), folder, 'live'),
)
// Control: the same sounds with the engine's own model of English and no knowledge of what can be said.
const open = await openDecoder(files, {})
open.addModel('general', [{ name: 'general', path: files.language_model, weight: 1 }])
open.use('general')

const errors: [number, number][] = []
const costs: [number, number][] = []
const ends: number[] = []
for (const said of COMMANDS)
  for (const voice of VOICES) {
    const samples = await say(said, voice)
    const seconds = samples.length / 16_000
    const [ours_ms, heard] = await timed(() => {
      commands.start()
      for (let at = 0; at < samples.length; at += CHUNK) commands.write(samples.subarray(at, at + CHUNK))
      const started = performance.now()
      const transcript = commands.end()
      ends.push(performance.now() - started)
      return transcript.text
    })
    const [control_ms, dictated] = await timed(() => {
      open.recognise(samples)
      return open.hypothesis()?.text ?? ''
    })
    errors.push([wrong(said, heard), wrong(said, dictated)])
    costs.push([ours_ms / seconds, control_ms / seconds])
  }
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const ratio: [number, number] = [
  mean(errors.map(([ours]) => ours)),
  mean(errors.map(([, control]) => control)),
]

report('1 + words wrong in per cent, command model and dictation', [ratio], { most: 0.5 })
report('processor ms for a second of speech, command model and dictation', costs, { most: 1 })
console.log(
  `     compile ${compile_ms.toFixed(0)} ms at first, ${again_ms.toFixed(0)} ms with 50 more names (processor)`,
)
console.log(`     last sample to transcript: median ${median(ends).toFixed(0)} ms`)
console.log(
  `     memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB with three models and the control`,
)
open.free()
rmSync(folder, { recursive: true, force: true })
finish()
