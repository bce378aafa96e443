import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findEngine } from '../server/domains/speech/ears/library.ts'
import { openDecoder } from '../server/domains/speech/ears/pocketsphinx.ts'
import { SAMPLE_RATE } from '../server/domains/speech/kinds.ts'
import { phonesOf } from '../server/domains/speech/mouth/flite.ts'
import { openWake } from '../server/domains/speech/wake/open.ts'
import type { WakeOptions } from '../server/domains/speech/wake/open.ts'
import { OTHER_SPEECH, heard, joined, said } from '../server/domains/speech/wake/rig.ts'
import { learn, study } from '../server/domains/speech/wake/train.ts'
import { commands } from '../server/domains/voice/round-trip/rig.ts'
import { finish, report } from './report.ts'

/**
 * How often wake words are heard when they are said, and how often when they are not. Several made voices say them before
 * commands; commands without them, and recorded prompts of a person where these are installed, are other speech. The
 * control is the engine's own recogniser of English, in whose text the words are looked for.
 */
const { values: flags } = parseArgs({
  options: { commands: { type: 'string', default: '12' }, prompts: { type: 'string', default: '1' } },
})
const VOICES = ['rms', 'slt', 'awb', 'kal16'] as const
/** The one that is set unless its user sets others, and two more of other lengths. */
const WORDS = ['paios', 'computer', 'good friday']
const PHRASE = 'Hello house'
const PROMPTS = '/usr/share/asterisk/sounds/en'
const GAP = new Int16Array(SAMPLE_RATE / 2)

const found = findEngine()
if ('missing' in found) {
  console.log(`SKIPPED: ${found.missing.problem} ${found.missing.remedy}`)
  process.exit(0)
}
const { files } = found
const sentences = commands().slice(0, Number(flags.commands))
const phones = Object.fromEntries(
  await Promise.all(WORDS.map(async (word) => [word, (await phonesOf(word.split(' '))).join(' ')] as const)),
)
const dictation = await openDecoder(files, {})
dictation.addModel('general', [{ name: 'general', path: files.language_model, weight: 1 }])
dictation.use('general')

/** How often each word wakes in some speech. */
async function wakes(options: WakeOptions, speech: readonly Int16Array[]): Promise<Map<string, number>> {
  const wake = await openWake(options)
  const counts = new Map<string, number>()
  for (const { word } of heard(wake, joined(...speech.flatMap((one) => [one, GAP]))))
    counts.set(word, (counts.get(word) ?? 0) + 1)
  wake.close()
  return counts
}

/** Prompts of a person as one recording, every so manieth; none where they or their decoder are not installed. */
function prompts(each: number): Int16Array[] {
  if (!existsSync(PROMPTS) || spawnSync('ffmpeg', ['-version']).error !== undefined) return []
  const paths = globSync('**/*.g722', { cwd: PROMPTS }).filter((path) => !path.startsWith('silence'))
  const chosen = paths.toSorted().filter((_, at) => at % each === 0)
  // What is coded so has no header: one after the other it is one recording, and its decoder is started once.
  const input = Buffer.concat(chosen.map((path) => readFileSync(`${PROMPTS}/${path}`)))
  const to = ['-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', 'pipe:1']
  const { stdout } = spawnSync('ffmpeg', ['-v', 'error', '-f', 'g722', '-i', 'pipe:0', ...to], {
    input,
    maxBuffer: 1_073_741_824,
  })
  return [new Int16Array(Uint8Array.from(stdout).buffer, 0, stdout.length >> 1)]
}

const hoursOf = (speech: readonly Int16Array[]): number =>
  speech.reduce((sum, { length }) => sum + length, 0) / SAMPLE_RATE / 3600
const perHour = (count: number, hours: number): string =>
  `${count} in ${(hours * 60).toFixed(1)} min, ${(count / hours).toFixed(1)} an hour`

const made: Int16Array[] = []
for (const voice of VOICES) for (const text of sentences) made.push(await said(text, voice))
const people = prompts(Number(flags.prompts))
const others = { 'made voices': made, 'recorded prompts': people }

const pairs: [number, number][] = []
for (const word of WORDS) {
  for (const voice of VOICES) {
    const speech = await Promise.all(sentences.map((text) => said(`${word}, ${text}`, voice)))
    let [ours, control] = [0, 0]
    for (const one of speech) {
      ours += Math.min(1, (await wakes({ words: { [word]: phones[word] ?? '' } }, [one])).get(word) ?? 0)
      dictation.recognise(one)
      if (dictation.hypothesis()?.text.includes(word) === true) control += 1
    }
    const share = (count: number): string => `${((100 * count) / speech.length).toFixed(0)} %`
    console.log(`"${word}", ${voice}: heard ${share(ours)}, control ${share(control)}`)
    // The control has no word that is in no dictionary.
    if (word !== 'paios') pairs.push([1 + (100 * ours) / speech.length, 1 + (100 * control) / speech.length])
  }
}
for (const [where, speech] of Object.entries(others)) {
  if (speech.length === 0) {
    console.log(`SKIPPED: ${where} (apt-get install asterisk-core-sounds-en-g722 ffmpeg)`)
    continue
  }
  const counts = await wakes({ words: phones }, speech)
  for (const word of WORDS)
    console.log(`"${word}" falsely, ${where}: ${perHour(counts.get(word) ?? 0, hoursOf(speech))}`)
}

let [hits, tried] = [0, 0]
for (const voice of VOICES) {
  const rates = [1, 0.9, 1.12]
  const recordings = await Promise.all(rates.map((speech_rate) => said(PHRASE, voice, { speech_rate })))
  // Whoever records a phrase records nothing else, so the other speech is of other voices.
  const negatives = await Promise.all(
    VOICES.filter((one) => one !== voice).flatMap((one) => OTHER_SPEECH.map((text) => said(text, one))),
  )
  const models = [learn(PHRASE, study(recordings, negatives))]
  let own = 0
  for (const [at, text] of sentences.entries()) {
    const manner = { speech_rate: 0.92 + (at % 5) * 0.05, pitch: 0.95 + (at % 3) * 0.05 }
    own += Math.min(
      1,
      (await wakes({ models }, [await said(`${PHRASE}, ${text}`, voice, manner)])).get(PHRASE) ?? 0,
    )
  }
  hits += own
  tried += sentences.length
  const falsely = []
  for (const [where, speech] of Object.entries(others))
    if (speech.length > 0)
      falsely.push(
        `falsely in ${where}: ${perHour((await wakes({ models }, speech)).get(PHRASE) ?? 0, hoursOf(speech))}`,
      )
  console.log(`recorded "${PHRASE}", ${voice}: heard ${own} of ${sentences.length}; ${falsely.join('; ')}`)
}
console.log(`recorded phrase, all voices: heard ${((100 * hits) / tried).toFixed(0)} % of ${tried}`)
report('1 + per cent of words that are heard, listening for them and by dictation', pairs, { least: 1 })
dictation.free()
finish()
