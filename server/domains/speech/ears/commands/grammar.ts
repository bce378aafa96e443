import type { Classes } from './classes.ts'
import type { Node } from './phrase.ts'

const DEPTH_MAX = 12
/** All runs of 24 words. */
const RUNS_MAX = 300

/**
 * Writes phrases as a grammar in JSGF, or `undefined` when none of them can be said. What may stand in a slot that takes
 * anything are words that were heard.
 *
 * @param isKnown - whether the dictionary has a word: the engine refuses a grammar with any other.
 * @see W3C note "JSpeech Grammar Format"
 */
export function writeGrammar(
  nodes: readonly Node[],
  classes: Classes,
  heard: readonly string[],
  isKnown: (word: string) => boolean,
): string | undefined {
  const rules = new Map<string, string | undefined>()
  const anything = runsOf(heard.filter(isKnown))
  function rule(type: string, depth: number): string | undefined {
    const name = `c_${type}`
    if (!rules.has(name)) {
      const ways = classes.of(type).map((node) => write(node, depth + 1))
      if (classes.isFree(type)) ways.push(...anything)
      rules.set(name, oneOf(ways))
    }
    return rules.get(name) === undefined ? undefined : `<${name}>`
  }
  /** What can't be said is `undefined`, and so is all that needs it. */
  function write(node: Node, depth: number): string | undefined {
    if (depth > DEPTH_MAX) return undefined
    if (node.kind === 'word') return isKnown(node.word) ? node.word : undefined
    if (node.kind === 'slot') return rule(node.type, depth)
    if (node.kind === 'maybe') {
      const inner = write(node.node, depth)
      return inner === undefined ? '' : `[${inner}]`
    }
    const parts = node.nodes.map((child) => write(child, depth))
    if (node.kind === 'one') return oneOf(parts)
    const said = parts.filter((part) => part !== undefined)
    return said.length < parts.length ? undefined : said.filter((part) => part !== '').join(' ')
  }
  const commands = oneOf(nodes.map((node) => write(node, 0)))
  if (commands === undefined) return undefined
  const lines = [...rules].flatMap(([name, ways]) => (ways === undefined ? [] : [`<${name}> = ${ways};`]))
  return `#JSGF V1.0;\ngrammar commands;\npublic <command> = ${commands};\n${lines.join('\n')}\n`
}

/** Words that were heard one after the other: a slot holds some run of them, and no other order or number. */
function runsOf(words: readonly string[]): string[] {
  const runs: string[] = []
  for (let from = 0; from < words.length; from += 1)
    for (let to = from + 1; to <= words.length && runs.length < RUNS_MAX; to += 1)
      runs.push(words.slice(from, to).join(' '))
  return runs
}

function oneOf(ways: readonly (string | undefined)[]): string | undefined {
  const said = [...new Set(ways.filter((way) => way !== undefined && way !== ''))]
  return said.length === 0 ? undefined : `(${said.join(' | ')})`
}
