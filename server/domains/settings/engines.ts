import type { Issue } from '../../../contract/errors.ts'
import type { SpeechEngine } from '../../../contract/speech.ts'

/** Names of the engines that come with PAIOS. */
export const OWN_ENGINES = ['pocketsphinx', 'flite', 'espeak-ng'] as const

/** What no schema can say of the settings of the engines. */
export function findEngineIssues(
  engines: readonly Pick<SpeechEngine, 'name'>[],
  own: readonly string[],
): Issue[] {
  const names = engines.map(({ name }) => name.toLowerCase())
  const taken = own.map((name) => name.toLowerCase())
  return names.flatMap((name, index) => {
    const isTwice = names.indexOf(name) < index || taken.includes(name)
    return isTwice ? [{ path: `/${index}/name`, message: 'is the name of another engine' }] : []
  })
}
