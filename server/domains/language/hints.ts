import { digest } from '../../kernel/crypto.ts'
import type { Hints } from '../speech/kinds.ts'
import type { Catalogue } from './catalogue.ts'

/** The name of the product is no English word, and is said like "pie os". */
const PRONUNCIATIONS = { paios: 'P AY OW S' }

/** The last ones of each language, and the names that they hold. */
const known = new WeakMap<Catalogue, Map<string, { given: string; hints: Hints }>>()

/**
 * What a recogniser may expect to hear of what a catalogue holds.
 *
 * @param given - names that their user has given to other things, by the type of the slots that hold them.
 */
export function hintsOf(catalogue: Catalogue, language: string, given: Hints['names'] = {}): Hints {
  const kept = known.getOrInsertComputed(catalogue, () => new Map())
  const [primary = 'en'] = language.toLowerCase().split('-', 1)
  const said = JSON.stringify(given)
  const before = kept.get(primary)
  if (before?.given === said) return before.hints
  const { phrases, unfinished, agents, workflows, off } = catalogue
  const agent = [...agents, ...off.agents].map(({ name }) => name)
  const names = { ...given, agent, workflow: workflows?.names ?? [] }
  const all = { language: primary, phrases, unfinished, names, pronunciations: PRONUNCIATIONS }
  const hints = { ...all, signature: digest(JSON.stringify(all)) }
  kept.set(primary, { given: said, hints })
  return hints
}
