import { digest } from '../../kernel/crypto.ts'
import type { Hints } from '../speech/kinds.ts'
import type { Catalogue } from './catalogue.ts'

/** The name of the product is no English word, and is said like "pie os". */
const PRONUNCIATIONS = { paios: 'P AY OW S' }

const known = new WeakMap<Catalogue, Map<string, Hints>>()

/** What a recogniser may expect to hear of what a catalogue holds. */
export function hintsOf(catalogue: Catalogue, language: string): Hints {
  const kept = known.getOrInsertComputed(catalogue, () => new Map())
  const [primary = 'en'] = language.toLowerCase().split('-', 1)
  return kept.getOrInsertComputed(primary, () => {
    const { phrases, unfinished, agents, off } = catalogue
    const names = { agent: [...agents, ...off.agents].map(({ name }) => name) }
    const all = { language: primary, phrases, unfinished, names, pronunciations: PRONUNCIATIONS }
    return { ...all, signature: digest(JSON.stringify(all)) }
  })
}
