import { EXIT, Stop } from './exit.ts'

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-([0-9a-f]{4})([0-9a-f]{8})/gu
const WHOLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu
const SHORT = /^[0-9a-f]{4,12}$/iu

/** Things among which a short id is looked for, where not all of them are known. */
export const SEARCHED_MAX = 500

/** An id as people read and type it: its end, as ids of one time begin alike. */
export function short(id: string): string {
  return id.slice(-8)
}

/** A text with the ids in it made short. */
export function shortened(text: string): string {
  return text.replaceAll(ID, (_id, _rest: string, end: string) => end)
}

/**
 * The one id that ends as it is said. Of a whole id the server knows best whether there is such a thing.
 *
 * @param what - what it is an id of, and how such are listed.
 * @param ids - the ids among which it is looked for.
 * @throws Stop when there is none, or more than one.
 */
export async function idNamed(
  said: string,
  what: { one: string; list: string },
  ids: () => Promise<readonly string[]>,
): Promise<string> {
  return WHOLE.test(said) ? said : idEnding(said, what, await ids())
}

function idEnding(said: string, what: { one: string; list: string }, ids: readonly string[]): string {
  const found = SHORT.test(said) ? ids.filter((id) => id.endsWith(said.toLowerCase())) : []
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  const why = first === undefined ? `There is no ${what.one}` : `There is more than one ${what.one}`
  throw new Stop(EXIT.failed, `${why} ${JSON.stringify(said)}. They are listed by: ${what.list}`)
}
