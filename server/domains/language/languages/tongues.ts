import type { Skill } from '../../../skills/skill.ts'
import { typed } from '../catalogue.ts'
import type { Catalogue, Meaning } from '../catalogue.ts'
import { acceptsSlot } from '../fill.ts'
import type { Surroundings } from '../fill.ts'
import { explained } from '../match.ts'
import type { Match } from '../match.ts'
import type { Utterance } from '../normalise.ts'
import { compileAll } from '../template.ts'
import type { Compiling, TemplateIndex } from '../template.ts'
import { TELLING_TYPES, openGuesses } from './guesses.ts'
import { TONGUES } from './known.ts'
import type { Tongue } from './tongue.ts'

/** In languages with many forms and a free order of words one phrase stands for many sentences. */
const WAYS_MAX = 10_000_000

/** What a phrase of a language means, whoever's agents there are. */
interface Sayable {
  /** `skill/action`, as in the catalogue. */
  label: string
  stands_for: Readonly<Record<string, unknown>>
}

/** A phrase of a language that fits an utterance, and what it means to this user. */
export interface FoundIn {
  tongue: Tongue
  meaning: Meaning
  match: Match
  /** The surroundings in which its captures are read. */
  around: Surroundings
  /** Whether only an agent that is switched off could do it. */
  is_off: boolean
}

interface Wanted {
  /** The languages to try, in this order. */
  among: readonly Tongue[]
  isFor: (meaning: Meaning) => boolean
  /** The agent of the conversation, which wins among equals. */
  active: number | undefined
}

/** The actions that share the most telling words with a sentence, one for each agent that has it. */
export interface Guessed {
  meanings: readonly Meaning[]
  share: number
}

/** The phrases of all skills in the other languages. */
export interface Tongues {
  /** The best phrase of the first language that has one, best language first. */
  find(utterance: Utterance, catalogue: Catalogue, around: Surroundings, wanted: Wanted): FoundIn | undefined
  /** What a sentence of a language may mean that is none of its phrases. */
  guess(utterance: Utterance, tongue: Tongue, catalogue: Catalogue, around: Surroundings): Guessed | undefined
  /** Compiles the phrases, so that the first sentence need not wait for it. */
  prepare(): void
  /** Every phrase in a language, for whoever learns from them. */
  phrases(code: Tongue['code']): { label: string; phrase: string }[]
}

/** What is made of the phrases in a language; guesses are prepared when the first is needed. */
interface Compiled {
  of: readonly Skill[]
  entries: readonly { phrase: string; id: Sayable }[]
  index: TemplateIndex<Sayable>
  guess?: ReturnType<typeof openGuesses>
}

/** Each word of the phrases is brought to its form once. */
function howIn({ keyOf }: Tongue): Compiling {
  const keys = new Map<string, string>()
  return { keyOf: (word) => keys.getOrInsertComputed(word, keyOf), ways_max: WAYS_MAX }
}

/** Opens the phrases of skills in other languages. They are compiled when the first sentence needs them. */
export function openTongues(skills: () => readonly Skill[]): Tongues {
  const compiled = new Map<Tongue, Compiled>()
  const speaking = () => skills().filter(({ phrases }) => phrases !== undefined)
  const compiledFor = (tongue: Tongue): Compiled => {
    const known = compiled.get(tongue)
    const now = speaking()
    if (known !== undefined && known.of.length === now.length && known.of.every((one, at) => one === now[at]))
      return known
    const entries = now.flatMap((skill) => sayables(skill, tongue))
    const made: Compiled = { of: now, entries, index: compileAll(entries, howIn(tongue)) }
    compiled.set(tongue, made)
    return made
  }
  return {
    find: (utterance, catalogue, around, { among, isFor, active }) => {
      for (const tongue of among) {
        const within = { ...around, tongue }
        const accepts = (type: string, text: string, unannounced: boolean) =>
          acceptsSlot(type, text, within, unannounced)
        const matching = (heard: Utterance) =>
          compiledFor(tongue)
            .index.match(heard, accepts)
            .filter(({ match }) => match.refused === 0)
            .flatMap(({ id, match }) => meanings(id, catalogue, isFor).map((one) => ({ ...one, match })))
        const found = firstOf(tongue.hear(utterance), matching)
        const [best] = found
        if (best === undefined) continue
        const equal = found.filter(({ match }) => explained(match) === explained(best.match))
        const chosen = equal.find(({ meaning }) => meaning.agent_number === active) ?? best
        return { tongue, around: within, ...chosen }
      }
      return undefined
    },
    guess: (utterance, tongue, catalogue, around) => {
      const known = compiledFor(tongue)
      const labelled = known.entries.map(({ phrase, id: { label } }) => ({ phrase, label }))
      known.guess ??= openGuesses(labelled, howIn(tongue))
      const [heard = utterance] = tongue.hear(utterance)
      const found = known.guess(heard, typesIn(utterance.text, { ...around, tongue }))
      return found && { meanings: catalogue.labels.get(found.label) ?? [], share: found.share }
    },
    prepare: () => {
      for (const tongue of TONGUES) compiledFor(tongue)
    },
    phrases: (code) =>
      speaking().flatMap((skill) =>
        Object.entries(skill.phrases?.[code] ?? {}).flatMap(([action, phrases]) =>
          phrases.map((one) => ({
            label: `${skill.name}/${action}`,
            phrase: typeof one === 'string' ? one : one[0],
          })),
        ),
      ),
  }
}

/** No value that tells what is meant is longer, and nobody looks for one farther into a sentence. */
const VALUE_WORDS_MAX = 5
const WORDS_MAX = 30

/** Of which of the telling types there is a value in a text. */
function typesIn(text: string, around: Surroundings): string[] {
  const words = text.split(/\s+/u).slice(0, WORDS_MAX)
  const runs = words.flatMap((_, from) =>
    words
      .slice(from, from + VALUE_WORDS_MAX)
      .map((_word, more) => words.slice(from, from + more + 1).join(' ')),
  )
  const bare = runs.map((run) => run.replace(/[.,;:!?]+$/u, ''))
  return TELLING_TYPES.filter((type) => bare.some((run) => acceptsSlot(type, run, around, true)))
}

/** What is found in the first of them in which anything is. */
function firstOf<T, F>(all: readonly T[], find: (one: T) => F[]): F[] {
  for (const one of all) {
    const found = find(one)
    if (found.length > 0) return found
  }
  return []
}

function sayables(skill: Skill, tongue: Tongue): { phrase: string; id: Sayable }[] {
  return Object.entries(skill.phrases?.[tongue.code] ?? {}).flatMap(([name, phrases]) => {
    const action = skill.actions[name]
    if (action === undefined) return []
    return phrases.map((one) => {
      const [phrase, stands_for] = typeof one === 'string' ? [one, {}] : one
      return { phrase: typed(phrase, action), id: { label: `${skill.name}/${name}`, stands_for } }
    })
  })
}

/** The agents of this user that an action belongs to; those that are switched off where no other has it. */
function meanings(
  { label, stands_for }: Sayable,
  { labels, off }: Catalogue,
  isFor: (meaning: Meaning) => boolean,
): { meaning: Meaning; is_off: boolean }[] {
  const on = labels.get(label) ?? []
  const all = on.length > 0 ? on : (off.labels.get(label) ?? [])
  return all
    .filter(isFor)
    .map((meaning) => ({ meaning: { ...meaning, preset: stands_for }, is_off: on.length === 0 }))
}
