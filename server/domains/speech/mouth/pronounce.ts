import { toForm } from '../../../kernel/unicode.ts'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import { WORDS_MAX } from './kinds.ts'
import type { MouthOptions } from './kinds.ts'

/** Whose job it is in the queue of the host: words come with names, which no one user is waiting for. */
const ASKER = 'mouth'

/**
 * How words are said, as phones of CMUdict: `paios` is `P AY OW S`. Found by the letters of the word where no dictionary
 * has it. Marks are dropped (`café` is `cafe`); what has no letters of English is left out of the answer.
 *
 * @param words - at most `WORDS_MAX`; one word each, without spaces.
 * @throws SpeechError
 */
export async function pronounce(
  words: readonly string[],
  { host, signal }: { host: Pick<Host, 'open'>; signal: AbortSignal },
): Promise<Record<string, string>> {
  if (words.length > WORDS_MAX)
    throw new SpeechError('engine', `At most ${WORDS_MAX} words are pronounced at once.`)
  const plain = new Map(words.map((word) => [word, toPlain(word)]))
  const asked = [...new Set(plain.values())].filter((word) => word !== '')
  if (asked.length === 0) return {}
  const options: MouthOptions = { what: 'pronounce', words: asked }
  const session = await host.open('mouth', options, { user_id: ASKER, signal })
  try {
    const found = new Map(Object.entries((await session.call('words')) as Record<string, string>))
    return Object.fromEntries(
      [...plain].flatMap(([word, key]) => {
        const phones = found.get(key)
        return phones === undefined ? [] : [[word, phones]]
      }),
    )
  } finally {
    session.close()
  }
}

/** The word in the letters that the engine knows; empty when it has others, or is none. */
export function toPlain(word: string): string {
  const plain = toForm(word, 'NFKD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()
  return /^(?=.*[a-z])[a-z']{1,40}$/u.test(plain) ? plain : ''
}
