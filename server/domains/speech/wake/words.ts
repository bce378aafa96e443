import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Recent } from '../audio/samples.ts'
import type { EngineFiles } from '../ears/library.ts'
import { openDecoder } from '../ears/pocketsphinx.ts'
import { SAMPLE_RATE, SpeechError } from '../kinds.ts'
import { PAUSE_MS, WORDS_MAX } from './kinds.ts'
import type { Wake, Woken } from './kinds.ts'
import { whyUnfit } from './phones.ts'

/**
 * The decoder keeps something of all that it has heard since it was started, so it is started again this often; it then
 * hears the last moments another time, as a word may lie across.
 */
const RESTART_SAMPLES = 20 * SAMPLE_RATE
const AGAIN_SAMPLES = 1.5 * SAMPLE_RATE
/** It looks for a word after so much, and a longer piece is taken in such parts. */
const PIECE_SAMPLES = 1280

/**
 * How much likelier than any other sounds a word must be, as an exponent of 10: each phone is evidence. Chosen by looking
 * at recorded prompts of one speaker, 25 minutes: near these thresholds, words of 5 to 9 phones were found in 87 % of the
 * prompts with them, and falsely about once in ten minutes each; one of 4 phones in 56 %, and falsely once a minute. On
 * other speakers that has not been measured.
 */
export function thresholdFor(phones: number): string {
  return `1e-${Math.min(30, Math.max(1, 5 * phones - 13))}`
}

/**
 * Listens for words that are known by how they are said. Blocks while it does, so it belongs in a process of its own.
 *
 * @param words - up to `WORDS_MAX`, each with its phones of CMUdict, all words of a phrase in one row.
 * @throws SpeechError `engine` when a word is unfit or too many are given, `missing` without the recogniser.
 */
export async function openWords(words: Readonly<Record<string, string>>, files: EngineFiles): Promise<Wake> {
  const entries = Object.entries(words)
  if (entries.length === 0 || entries.length > WORDS_MAX)
    throw new SpeechError('engine', `From one to ${WORDS_MAX} wake words can be listened for.`)
  for (const [word, phones] of entries) {
    const why = whyUnfit(word, phones)
    if (why !== undefined) throw new SpeechError('engine', why)
  }
  const decoder = await openSearch(
    entries.map(([, phones]) => phones),
    files,
  )
  return listenWith(decoder, (name) => entries[Number(name.slice(1))]?.[0])
}

/** Names of our own stand for the words, so nothing that somebody typed gets into the files of the engine. */
async function openSearch(phones: readonly string[], files: EngineFiles): ReturnType<typeof openDecoder> {
  const folder = mkdtempSync(path.join(tmpdir(), 'paios-wake-'))
  try {
    const [dictionary, searched] = [path.join(folder, 'dictionary'), path.join(folder, 'words')]
    writeFileSync(dictionary, phones.map((said, index) => `w${index} ${said}\n`).join(''))
    writeFileSync(
      searched,
      phones.map((said, index) => `w${index} /${thresholdFor(said.split(' ').length)}/\n`).join(''),
    )
    return await openDecoder(files, { kws: searched }, dictionary)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function toMs(samples: number): number {
  return Math.round((samples / SAMPLE_RATE) * 1000)
}
/** Of the frames in which the decoder tells where a word ended. */
const FRAME_MS = 10

type Decoder = Awaited<ReturnType<typeof openDecoder>>

function listenWith(decoder: Decoder, wordOf: (name: string) => string | undefined): Wake {
  let [heard, since, again, woken] = [0, 0, 0, -Infinity]
  let recent = new Recent(AGAIN_SAMPLES)
  decoder.start()
  function restart(): void {
    decoder.end()
    decoder.start({ goes_on: true })
    decoder.write(recent.samples)
    since = recent.samples.length
    again += since
  }
  function piece(samples: Int16Array): Woken | undefined {
    decoder.write(samples)
    heard += samples.length
    since += samples.length
    recent.take(samples)
    const found = decoder.hypothesis()?.text.trim().split(/\s+/u)[0]
    if (found === undefined) {
      if (since >= RESTART_SAMPLES) restart()
      return undefined
    }
    const frames = Math.max(...decoder.segments().map(({ to }) => to + 1))
    // What woke it is not heard another time.
    recent = new Recent(AGAIN_SAMPLES)
    restart()
    const word = wordOf(found)
    const at_ms = toMs(heard)
    // The decoder counts on when it is started again, and what it heard twice it has counted twice.
    const end_ms = Math.min(at_ms, frames * FRAME_MS - toMs(again))
    if (word === undefined || at_ms - woken < PAUSE_MS) return undefined
    woken = at_ms
    return { word, at_ms, end_ms }
  }
  return {
    write(samples) {
      let woke: Woken | undefined
      for (let at = 0; at < samples.length; at += PIECE_SAMPLES)
        woke = piece(samples.subarray(at, at + PIECE_SAMPLES)) ?? woke
      return woke
    },
    close: () => decoder.free(),
  }
}
