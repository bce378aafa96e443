import { SAMPLES_MAX } from '../audio/bounds.ts'
import { join } from '../audio/samples.ts'
import type { Transcript } from '../kinds.ts'
import type { Knowledge } from './commands/compile.ts'
import { writeGrammar } from './commands/grammar.ts'
import { indexPatterns, nearest, patternsOf } from './commands/nearest.ts'
import type { Near } from './commands/nearest.ts'
import { difference } from './difference.ts'
import type { Decoder, Hypothesis, Segment } from './pocketsphinx.ts'

/** Whether an utterance is heard at once when all of it is there, or in pieces while it is said. */
export type Mode = 'batch' | 'live'

/** A decoder that knows what can be said to one system. */
export interface Recogniser {
  readonly signature: string
  start(): void
  /** Takes samples; what was heard so far, when that has changed. After an end they are only kept, for when it goes on. */
  write(samples: Int16Array): Transcript | undefined
  /** What was said, from all samples that were written. */
  end(): Transcript
  /** What was written so far. */
  samples(): Int16Array
  /** Goes on after an end that was none: costs what hearing all of it again costs. */
  resume(): void
  /** Stops hearing, whatever was said. */
  cancel(): void
  free(): void
}

/** The search by the command model, and the one by a grammar that is written for each utterance. */
export const MODEL = 'commands'
const GRAMMAR = 'nearest'
/** Phrases that the second pass chooses from. */
const NEAR_COUNT = 6
/** The second pass may change this share of the letters, and a phrase may differ in this share of the words. */
const CHANGED_MAX = 0.34
/** Between these is what is a command by its words; below is what is none, however well it was heard. */
const COMMAND_MIN = 0.55
const OTHER_MAX = 0.45
/** What the lattice may add to a command about which the passes differ. */
const UNSURE = 0.1

/** Spelling of what the dictionary spells otherwise. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\b([ap]) m\b/g, '$1m'],
  [/\bo clock\b/g, "o'clock"],
]

/**
 * Recognises what is said to one system with a decoder that has its command model.
 *
 * @param mode - in batch, utterances are recordings, heard as a whole at their end: by their own cepstral mean (CMN), so that
 *   nothing that the decoder has heard before changes what it hears. One that has ever listened live keeps a mean for good.
 */
export function openRecogniser(
  decoder: Decoder,
  { signature, phrases, classes }: Knowledge,
  mode: Mode,
): Recogniser {
  const patterns = indexPatterns(patternsOf(phrases, classes))
  const kept = new Kept()
  let partial = ''
  let hearing = false
  function command(near: readonly Near[], words: readonly string[]): string | undefined {
    const nearby = near.map(({ pattern }) => pattern.node)
    const grammar = writeGrammar(nearby, classes, words, (word) => decoder.phonesOf(word) !== undefined)
    if (grammar === undefined) return undefined
    decoder.addGrammar(GRAMMAR, grammar)
    decoder.use(GRAMMAR)
    decoder.recognise(kept.whole())
    return decoder.hypothesis()?.text
  }
  const self: Recogniser = {
    signature,
    start() {
      kept.forget()
      partial = ''
      if (mode === 'batch') return
      decoder.use(MODEL)
      decoder.start()
      hearing = true
    },
    write(samples) {
      const taken = kept.take(samples)
      if (taken.length === 0 || !hearing) return undefined
      decoder.write(taken)
      const text = decoder.hypothesis()?.text ?? ''
      if (text === partial) return undefined
      partial = text
      const { near, extent } = nearest(patterns, wordsIn(text), 1)
      return { text: spelled(text), confidence: near[0]?.edits === 0 ? COMMAND_MIN : 0, extent }
    },
    end() {
      if (mode === 'batch') {
        decoder.use(MODEL)
        decoder.recognise(kept.whole())
      } else decoder.end()
      hearing = false
      const heard = decoder.hypothesis()
      const words = wordsIn(heard?.text ?? '')
      const certainty = certaintyOf(heard, decoder.segments())
      const { near } = nearest(patterns, words, NEAR_COUNT)
      const [best] = near
      const likely = likelyOf(near, words.length)
      const second = likely.length > 0 ? command(likely, words) : undefined
      const said = agree(words, second, best, certainty)
      const { extent } = nearest(patterns, wordsIn(said.text), 1)
      return { ...said, ...asSpelled(said), extent }
    },
    resume() {
      decoder.use(MODEL)
      decoder.start()
      hearing = true
      decoder.write(kept.whole())
    },
    samples: () => kept.whole(),
    cancel() {
      if (hearing) decoder.end()
      hearing = false
    },
    free: () => decoder.free(),
  }
  return self
}

/** The samples of an utterance, up to a bound. */
class Kept {
  #parts: Int16Array[] = []
  #length = 0

  /** What of them is taken. */
  take(samples: Int16Array): Int16Array {
    const taken = samples.slice(0, SAMPLES_MAX - this.#length)
    this.#parts.push(taken)
    this.#length += taken.length
    return taken
  }

  whole(): Int16Array {
    return join(this.#parts)
  }

  forget(): void {
    this.#parts = []
    this.#length = 0
  }
}

/** Phrases that the second pass chooses from. */
function likelyOf(near: readonly Near[], count: number): readonly Near[] {
  const [best] = near
  // Where the words are a command, only what they are a command of may be chosen: a slot for anything fits all.
  return best?.edits === 0
    ? near.filter(({ edits }) => best.closed && edits === 0)
    : near.filter((one) => isNear(one, count))
}

/** Text and confidence of two passes, as the dictionary spells them. */
function agree(
  words: readonly string[],
  second: string | undefined,
  best: Near | undefined,
  certainty: number,
): Transcript {
  const heard = words.join(' ')
  const changed = second === undefined ? 1 : unlike(heard, second)
  if (best?.edits === 0) {
    // A wrong number is said as well as the right one: where the passes differ, nothing is done unasked.
    const sure = !best.closed || (second !== undefined && gist(second) === gist(heard))
    // The grammar, which knows all of the sound before it begins, is the better one at what stands in slots.
    const text = second !== undefined && changed <= CHANGED_MAX ? second : heard
    return {
      text,
      confidence: round(COMMAND_MIN + (sure ? 1 - COMMAND_MIN : UNSURE) * certainty),
      ...(text !== heard && { alternatives: [heard] }),
    }
  }
  if (second !== undefined && changed <= CHANGED_MAX)
    return {
      text: second,
      // What the passes disagree about is certain to nobody: a command of it is asked about.
      confidence: round(COMMAND_MIN + (1 - COMMAND_MIN) * certainty * (1 - changed) ** 2 * 0.7),
      alternatives: [heard],
    }
  return {
    text: heard,
    confidence: round(OTHER_MAX * certainty),
    ...(second !== undefined && { alternatives: [second] }),
  }
}

/** How unlike two texts sound, by their letters: "agent login" is like "agent logged in". */
function unlike(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => text.replaceAll(' ', '').split(''))
  return difference(one ?? [], other ?? []) / Math.max(1, a.length)
}

/** Words that tell nothing about what is meant. */
const ARTICLES = /\b(?:a|an|the|my|our|me)\b ?/g

function gist(text: string): string {
  return text.replaceAll(ARTICLES, '').trim()
}

/** Whether a phrase may be what was meant. One with a slot for anything would make a command of whatever is said. */
function isNear({ edits, free }: Near, count: number): boolean {
  return free === 0 && edits <= Math.max(1, count * CHANGED_MAX)
}

/** How sure the lattice is of the words, on average. */
function certaintyOf(heard: Hypothesis | undefined, segments: readonly Segment[]): number {
  const said = segments.filter(({ word }) => !/^[<[+]/.test(word))
  if (heard === undefined || said.length === 0) return 0
  return said.reduce((sum, { posterior }) => sum + posterior, 0) / said.length
}

function wordsIn(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

function asSpelled({ text, alternatives }: Transcript): Pick<Transcript, 'text' | 'alternatives'> {
  return { text: spelled(text), ...(alternatives && { alternatives: alternatives.map(spelled) }) }
}

function spelled(text: string): string {
  return SPELLINGS.reduce((found, [pattern, instead]) => found.replaceAll(pattern, instead), text)
}

function round(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
}
