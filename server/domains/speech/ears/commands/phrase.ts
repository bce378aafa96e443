import { wordsOf } from './words.ts'

/** A phrase of a command as a tree: `remind me [to] {what} (at|in) {when:time}`. */
export type Node =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'slot'; readonly name: string; readonly type: string }
  | { readonly kind: 'all' | 'one'; readonly nodes: readonly Node[] }
  | { readonly kind: 'maybe'; readonly node: Node }

/** What a slot without a type holds. */
export const OPEN = 'text'

const CHARS_MAX = 500
const DEPTH_MAX = 20
const SLOT = /\{(\w{1,40})(?::(\w{1,40}))?\}/y
const PLAIN = /[^{}[\]()|]+/y

/** Reads a phrase, or `undefined` when it is none: phrases are the users' too, and a bad one is left out. */
export function readPhrase(phrase: string): Node | undefined {
  if (phrase.length > CHARS_MAX) return undefined
  let at = 0
  function slot(): Node | undefined {
    SLOT.lastIndex = at
    const [whole, name, type = OPEN] = SLOT.exec(phrase) ?? []
    if (whole === undefined || name === undefined) return undefined
    at += whole.length
    return { kind: 'slot', name, type }
  }
  function group(depth: number): Node | undefined {
    const close = phrase[at] === '[' ? ']' : ')'
    if (depth > DEPTH_MAX) return undefined
    const nodes: Node[] = []
    do {
      at += 1
      const node = sequence(depth)
      if (node === undefined) return undefined
      nodes.push(node)
    } while (phrase[at] === '|')
    if (phrase[at] !== close) return undefined
    at += 1
    const [only] = nodes
    const node: Node = nodes.length === 1 && only !== undefined ? only : { kind: 'one', nodes }
    return close === ']' ? { kind: 'maybe', node } : node
  }
  function words(): Node[] {
    PLAIN.lastIndex = at
    const text = PLAIN.exec(phrase)?.[0] ?? ''
    at += text.length
    return wordsOf(text).map((word) => ({ kind: 'word', word }))
  }
  function sequence(depth: number): Node | undefined {
    const nodes: Node[] = []
    for (let char = phrase[at]; char !== undefined && !'])|}'.includes(char); char = phrase[at]) {
      if ('{[('.includes(char)) {
        const node = char === '{' ? slot() : group(depth + 1)
        if (node === undefined) return undefined
        nodes.push(node)
      } else nodes.push(...words())
    }
    return { kind: 'all', nodes }
  }
  const root = sequence(0)
  return at === phrase.length ? root : undefined
}
