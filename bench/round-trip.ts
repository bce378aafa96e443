import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { VoiceProcessed } from '../contract/voice.ts'
import { findEngine } from '../server/domains/speech/ears/library.ts'
import { openDenoiser } from '../server/domains/speech/ears/noise.ts'
import { openDecoder } from '../server/domains/speech/ears/pocketsphinx.ts'
import {
  LEVELS_DB,
  SPEAKERS,
  commands,
  evenly,
  gistOf,
  inNoise,
  openRoom,
  ownCommands,
  pinkNoise,
  recording,
  spoken,
  wordErrors,
} from '../server/domains/voice/round-trip/rig.ts'
import { openTestApp } from '../test/app.ts'
import { finish, report } from './report.ts'

/**
 * The whole way of a spoken command: a voice says it, noise comes on top, the recording is decoded, recognised and
 * understood. It went well when it reaches the agent and the action that it reaches when it is typed. The control hears
 * the same sound, without its noise as far as that can be taken out, with the engine's own model of English in place of
 * what can be said to this system; it hears some of the commands. Nothing is done: all of it is asked as a trial.
 */
const { values: flags } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    voice: { type: 'string', multiple: true, default: [...SPEAKERS] },
    level: { type: 'string', multiple: true, default: LEVELS_DB.map(String) },
    /** `pink` as of machines, or a `room` full of people. */
    noise: { type: 'string', default: 'pink' },
    /** Those that the agents give as examples, or those of `strangers` who have never seen them. */
    commands: { type: 'string', default: 'own' },
    /** The control hears every so manieth. */
    control: { type: 'string', default: '5' },
    /** Prints each command that went elsewhere. */
    errors: { type: 'boolean', default: false },
  },
})
/** In per cent, by decibels: what it is to come to. */
const GOALS = new Map<number, number>([
  [Infinity, 99],
  [20, 97],
  [10, 95],
])

const found = findEngine()
if ('missing' in found) {
  console.log(`SKIPPED: ${found.missing.problem} ${found.missing.remedy}`)
  process.exit(0)
}
const { files } = found
const data_dir = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const opened = await openTestApp({ data_dir, recogniser: undefined })
const { token } = await opened.claim()
await opened.app.language.warmUp()
const general = await openDecoder(files, {})
general.addModel('general', [{ name: 'general', path: files.language_model, weight: 1 }])
general.use('general')
const noise = flags.noise === 'room' ? await openRoom() : pinkNoise
const said = flags.commands === 'strangers' ? commands() : ownCommands()

interface Given {
  audio_data?: string
  text_input?: string
}
let conversations = 0
async function ask(given: Given): Promise<VoiceProcessed | undefined> {
  conversations += 1
  const context = { conversation_id: `trip ${conversations}` }
  const reply = await opened.call(token, 'voice.process', { ...given, context, dry_run: true })
  return reply.ok ? (reply.data as VoiceProcessed) : undefined
}

/** What the engine makes of it by itself. */
async function dictated(samples: Int16Array): Promise<string> {
  const denoiser = await openDenoiser()
  const parts = [denoiser.write(samples), denoiser.end()]
  denoiser.free()
  const clean = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  clean.set(parts[0] ?? [])
  clean.set(parts[1] ?? [], parts[0]?.length)
  general.recognise(clean)
  return general.hypothesis()?.text ?? ''
}

const typed: { text: string; gist: string }[] = []
for (const text of evenly(said, Number(flags.count) * 2)) {
  const answer = await ask({ text_input: text })
  const gist = answer === undefined ? 'nobody' : gistOf(answer)
  if (gist !== 'nobody') typed.push({ text, gist })
}
const chosen = evenly(typed, Number(flags.count))
console.log(
  `${chosen.length} commands (${flags.commands}) of ${typed.length} that are understood when typed; noise: ${flags.noise}`,
)

interface Tally {
  same: number
  /** Gone elsewhere, and not asked about first. */
  unasked: number
  nobody: number
  words: number
  wrong: number
}
const share = (part: number, of: number): string => `${((100 * part) / of).toFixed(1).padStart(5)} %`
const totals = new Map<number, Tally>()
const pairs: [number, number][] = []

for (const voice of flags.voice.map(voiceOf)) {
  for (const level of flags.level.map(Number)) {
    const tally: Tally = { same: 0, unasked: 0, nobody: 0, words: 0, wrong: 0 }
    const [ours, control] = [{ same: 0 }, { same: 0, asked: 0, words: 0, wrong: 0 }]
    for (const [at, { text, gist }] of chosen.entries()) {
      const speech = await spoken(text, voice)
      const samples = inNoise(speech, noise(speech.length, at + 1), level)
      const answer = await ask({ audio_data: recording(samples) })
      const heard = answer?.transcribed_text ?? ''
      const went = answer === undefined ? 'nobody' : gistOf(answer)
      const errors = wordErrors(text, heard)
      tally.words += errors.words
      tally.wrong += errors.wrong
      if (went === gist) tally.same += 1
      else if (went === 'nobody') tally.nobody += 1
      else if (answer?.response.requires_followup === false) tally.unasked += 1
      if (flags.errors && went !== gist)
        console.log(
          `  ${voice} ${level} | ${text} | ${heard} | ${gist} | ${went} | ${answer?.confidence_score}`,
        )
      if (at % Number(flags.control) !== 0) continue
      if (went === gist) ours.same += 1
      const other = await dictated(samples)
      const understood = other === '' ? undefined : await ask({ text_input: other })
      control.asked += 1
      if (understood !== undefined && gistOf(understood) === gist) control.same += 1
      const others = wordErrors(text, other)
      control.words += others.words
      control.wrong += others.wrong
    }
    const goal = GOALS.get(level)
    console.log(
      `${voice} ${level === Infinity ? 'clean' : `${level} dB`}: same agent and action ${share(tally.same, chosen.length)}${
        goal === undefined ? '' : ` (goal ${goal} %)`
      }, wrong words ${share(tally.wrong, tally.words)}, elsewhere unasked ${tally.unasked}, nobody ${
        tally.nobody
      }; control of ${control.asked}: ${share(control.same, control.asked)}, wrong words ${share(control.wrong, control.words)}`,
    )
    pairs.push([1 + (100 * ours.same) / control.asked, 1 + (100 * control.same) / control.asked])
    const total = totals.get(level) ?? { same: 0, unasked: 0, nobody: 0, words: 0, wrong: 0 }
    totals.set(level, {
      same: total.same + tally.same,
      unasked: total.unasked + tally.unasked,
      nobody: total.nobody + tally.nobody,
      words: total.words + tally.words,
      wrong: total.wrong + tally.wrong,
    })
  }
}
for (const [level, { same, words, wrong }] of totals)
  console.log(
    `all voices, ${level} dB: ${share(same, chosen.length * flags.voice.length)} same, wrong words ${share(wrong, words)}`,
  )
report('1 + per cent that arrive as typed, with what can be said and without', pairs, { least: 1.2 })
general.free()
await opened.remove()
rmSync(data_dir, { recursive: true, force: true })
finish()

function voiceOf(name: string): (typeof SPEAKERS)[number] {
  const voice = SPEAKERS.find((one) => one === name)
  if (voice === undefined) throw new Error(`There is no voice ${name}, but: ${SPEAKERS.join(', ')}.`)
  return voice
}
