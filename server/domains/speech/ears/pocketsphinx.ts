import { SAMPLES_MAX, SOUND_BOUNDS } from '../audio/bounds.ts'
import { SpeechError } from '../kinds.ts'
import type { EngineFiles } from './library.ts'
import { loadLibrary, need } from './native.ts'
import type { Library, Pointer } from './native.ts'

/** A word of what was heard, with its place in frames of 10 ms, both ends counted. */
export interface Segment {
  word: string
  from: number
  to: number
  /** Log likelihood of its sound, about -100 to 0 a frame in the scale of the decoder. */
  acoustic: number
  /** 0 to 1, and 1 where the search makes no lattice. */
  posterior: number
}

export interface Hypothesis {
  text: string
  /** Log likelihood of the best path. */
  score: number
  /** 0 to 1: how much of the lattice agrees with it. */
  posterior: number
}

/** Settings of a decoder, by the names of the engine without the dash: `beam`, `lw`, `wip`. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** A model of English of its own or the engine's, and how much it counts: weights add up to 1. */
export interface WeightedModel {
  name: string
  path: string
  weight: number
}

/** How a name of a search and a word must look: they travel into files that the engine parses. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/
const WORD = /^[^\s()<>|[\]{};=*+/\\"#]{1,64}(?:\(\d{1,2}\))?$/u
const PHONES =
  /^(?:AA|AE|AH|AO|AW|AY|B|CH|D|DH|EH|ER|EY|F|G|HH|IH|IY|JH|K|L|M|N|NG|OW|OY|P|R|S|SH|T|TH|UH|UW|V|W|Y|Z|ZH)(?: (?:AA|AE|AH|AO|AW|AY|B|CH|D|DH|EH|ER|EY|F|G|HH|IH|IY|JH|K|L|M|N|NG|OW|OY|P|R|S|SH|T|TH|UH|UW|V|W|Y|Z|ZH)){0,63}$/
const GRAMMAR_CHARS_MAX = 4_000_000

/** A decoder of the engine. One utterance at a time; everything blocks, so it belongs in a process of its own. */
export interface Decoder {
  /** Adds a search by n-grams: one model, or several whose likelihoods are mixed. */
  addModel(name: string, models: readonly WeightedModel[]): void
  /** Adds a search by a grammar in JSGF. */
  addGrammar(name: string, grammar: string): void
  /** Adds a search for one phrase amid anything. */
  addKeyphrase(name: string, phrase: string): void
  /** Adds a search for phones alone, by a model of how these follow one another. */
  addPhones(name: string, model: string): void
  removeSearch(name: string): void
  /** Chooses what the next utterance is searched with. */
  use(name: string): void
  /** Adds a word; `update` makes searches with a model know it now, which takes as long as building one. */
  addWord(word: string, phones: string, update: boolean): void
  /** How a word is said, when the dictionary has it. */
  phonesOf(word: string): string | undefined
  /** Begins an utterance; one that `goes_on` is of the same stream as the one before, whose noise and frames it keeps. */
  start(how?: { goes_on: boolean }): void
  write(samples: Int16Array): void
  /** Recognises a whole utterance at once, whose cepstral mean is known then. */
  recognise(samples: Int16Array): void
  end(): void
  hypothesis(): Hypothesis | undefined
  segments(): Segment[]
  free(): void
}

/**
 * Opens a decoder for English.
 *
 * @param settings - those of the engine; the files and the search are not among them.
 * @throws SpeechError `missing` when the library does not load, `engine` when it takes no such settings.
 */
export async function openDecoder(
  files: EngineFiles,
  settings: Settings,
  dictionary: string = files.dictionary,
): Promise<Decoder> {
  const library = await loadLibrary(files)
  const values = {
    hmm: files.acoustic,
    dict: dictionary,
    ...settings,
  }
  const words = Object.entries(values).flatMap(([name, value]) => [`-${name}`, toArgument(value)])
  const config = need(
    library.call('cmd_ln_parse_r', null, library.call('ps_args'), words.length, words, 1),
    'The engine takes no such settings.',
  )
  const decoder = library.call('ps_init', config)
  library.call('cmd_ln_free_r', config)
  return decoderOf(library, need(decoder, 'The engine did not start.'))
}

function decoderOf(library: Library, decoder: Pointer): Decoder {
  let state: 'idle' | 'hearing' | 'freed' = 'idle'
  function must(wanted: 'idle' | 'hearing'): void {
    if (state !== wanted)
      throw new SpeechError('engine', `The decoder is ${state} where it must be ${wanted}.`)
  }
  function act(name: string, ...values: readonly unknown[]): void {
    const result = library.call(name, decoder, ...values)
    if (typeof result === 'number' && result < 0)
      throw new SpeechError('engine', `The engine refused ${name}.`)
  }
  function feed(samples: Int16Array, whole: 0 | 1): void {
    must('hearing')
    if (samples.length > SAMPLES_MAX)
      throw new SpeechError('audio', `The recording is longer than ${SOUND_BOUNDS.seconds_max} s.`)
    if (samples.length > 0) act('ps_process_raw', samples, samples.length, 0, whole)
  }
  const self: Decoder = {
    ...searchesOf(library, decoder, act, () => must('idle')),
    addWord(word, phones, update) {
      must('idle')
      if (!WORD.test(word) || !PHONES.test(phones))
        throw new SpeechError('engine', `No word that can be heard: ${word} (${phones}).`)
      act('ps_add_word', word, phones, update ? 1 : 0)
    },
    phonesOf: (word) => (WORD.test(word) ? library.text('ps_lookup_word', decoder, word) : undefined),
    start({ goes_on } = { goes_on: false }) {
      must('idle')
      // What it knows of the noise is of the utterance before: the same sound would be heard otherwise after another one.
      if (!goes_on) act('ps_start_stream')
      act('ps_start_utt')
      state = 'hearing'
    },
    write: (samples) => feed(samples, 0),
    recognise(samples) {
      self.start()
      try {
        feed(samples, 1)
      } finally {
        self.end()
      }
    },
    end() {
      must('hearing')
      state = 'idle'
      act('ps_end_utt')
    },
    hypothesis: () => hypothesisOf(library, decoder, state === 'idle'),
    segments: () => segmentsOf(library, decoder),
    free() {
      if (state === 'freed') return
      if (state === 'hearing') library.call('ps_end_utt', decoder)
      state = 'freed'
      library.call('ps_free', decoder)
    },
  }
  return self
}

type Searches = Pick<
  Decoder,
  'addModel' | 'addGrammar' | 'addKeyphrase' | 'addPhones' | 'removeSearch' | 'use'
>

function searchesOf(
  library: Library,
  decoder: Pointer,
  act: (name: string, ...values: readonly unknown[]) => void,
  mustBeIdle: () => void,
): Searches {
  function named(name: string): string {
    mustBeIdle()
    if (!NAME.test(name)) throw new SpeechError('engine', `No name of a search: ${name}.`)
    return name
  }
  return {
    addModel(name, models) {
      const search = named(name)
      const model = mixed(library, models)
      try {
        act('ps_set_lm', search, model)
      } finally {
        library.call('ngram_model_free', model)
      }
    },
    addGrammar(name, grammar) {
      const search = named(name)
      if (grammar.length > GRAMMAR_CHARS_MAX) throw new SpeechError('engine', 'The grammar is too long.')
      act('ps_set_jsgf_string', search, grammar)
    },
    addKeyphrase(name, phrase) {
      const search = named(name)
      const words = phrase.split(' ')
      // The engine itself would end the process, or never hear anything, for a word that it does not know.
      const unknown = words.find(
        (word) => !WORD.test(word) || library.text('ps_lookup_word', decoder, word) === undefined,
      )
      if (unknown !== undefined) throw new SpeechError('engine', `No word that can be heard: ${unknown}.`)
      act('ps_set_keyphrase', search, phrase)
    },
    addPhones: (name, model) => act('ps_set_allphone_file', named(name), model),
    removeSearch: (name) => act('ps_unset_search', named(name)),
    use: (name) => act('ps_set_search', named(name)),
  }
}

/** One model of several; whoever asked frees it. */
function mixed(library: Library, models: readonly WeightedModel[]): Pointer {
  const read: Pointer[] = []
  try {
    for (const { path } of models) read.push(library.model(path))
    if (read.length === 0) throw new SpeechError('engine', 'A search needs a language model.')
    const names = models.map(({ name }) => name)
    const weights = Float32Array.from(models, ({ weight }) => weight)
    return need(
      library.call('ngram_model_set_init', null, read, names, weights, read.length),
      'The language models do not fit one another.',
    )
  } finally {
    for (const model of read) library.call('ngram_model_free', model)
  }
}

function hypothesisOf(library: Library, decoder: Pointer, ended: boolean): Hypothesis | undefined {
  const score: [number] = [0]
  const text = library.text('ps_get_hyp', decoder, score)
  if (text === undefined || text === '') return undefined
  // While it is hearing there is no lattice yet, and asking for one would build it.
  const probability = ended ? Number(library.call('ps_get_prob', decoder)) : 0
  return { text, score: score[0], posterior: probabilityOf(library, decoder, probability) }
}

function segmentsOf(library: Library, decoder: Pointer): Segment[] {
  const segments: Segment[] = []
  let at = library.call('ps_seg_iter', decoder)
  while (typeof at === 'bigint' && at !== 0n) {
    const [from, to, acoustic]: [[number], [number], [number]] = [[0], [0], [0]]
    library.call('ps_seg_frames', at, from, to)
    const probability = Number(library.call('ps_seg_prob', at, acoustic, [0], [0]))
    segments.push({
      word: library.text('ps_seg_word', at) ?? '',
      from: from[0],
      to: to[0],
      acoustic: acoustic[0],
      posterior: probabilityOf(library, decoder, probability),
    })
    at = library.call('ps_seg_next', at)
  }
  return segments
}

function probabilityOf(library: Library, decoder: Pointer, log: number): number {
  return Math.min(1, Number(library.call('logmath_exp', library.call('ps_get_logmath', decoder), log)))
}

/** How many words a model has, likeliest first, with log10 of their likelihood. */
export interface WordLikelihood {
  word: string
  log10: number
}

/** The words of a language model by how often they are said. */
export async function commonWords(files: EngineFiles, count: number): Promise<WordLikelihood[]> {
  const library = await loadLibrary(files)
  const model = library.model(files.language_model)
  const words: WordLikelihood[] = []
  const size = Number(await sizeOf(library, model))
  for (let id = 0; id < size; id += 1) {
    const word = library.text('ngram_word', model, id)
    if (word === undefined || !/^[a-z][a-z']*$/.test(word)) continue
    const score = Number(library.call('ngram_ng_prob', model, id, null, 0, [0]))
    words.push({ word, log10: Number(library.call('logmath_log_to_log10', library.logmath, score)) })
  }
  library.call('ngram_model_free', model)
  return words.toSorted((a, b) => b.log10 - a.log10).slice(0, count)
}

async function sizeOf(library: Library, model: Pointer): Promise<unknown> {
  const { default: koffi } = await import('koffi')
  const counts: unknown = koffi.decode(library.call('ngram_model_get_counts', model), 'uint32_t', 1)
  return Array.isArray(counts) || counts instanceof Uint32Array ? counts[0] : 0
}

function toArgument(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}
