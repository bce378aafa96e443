import { literal } from './quoting.ts'
import type { Telling } from './results.ts'

/** A condition as it was said. */
export interface SaidCondition {
  kind: 'failed' | 'worked' | 'any' | 'none' | 'count' | 'says'
  words: string
  /** Of a count: the comparison; of words: the words. */
  value?: string
}

const NOUNS =
  '(?: (?!(?:and|then|tell|notify|inform|alert|let|say|remind|list|add|post|call|show|read|delete|remove|fetch|ask|wait|send)\\b)[\\p{L}]+){0,3}?'
const SUBJECT =
  '(?:it|that|this|they|he|she|the (?:page|site|website|web site|server|address|url|step|check)|anything|something|https?://\\S+|[\\w-]+(?:\\.[\\w-]+)+)'

/** The documented table: what can be asked of the step before. */
const TABLE: readonly {
  kind: SaidCondition['kind']
  pattern: string
  value?: (groups: readonly string[]) => string
}[] = [
  {
    kind: 'failed',
    pattern: `${SUBJECT} (?:is|are|was|goes|went|has gone) (?:down|offline|unreachable|broken|not (?:up|reachable|available|online|working|there|ok|okay))`,
  },
  { kind: 'failed', pattern: `${SUBJECT} (?:fails|failed|fail|goes wrong|went wrong|has failed)` },
  {
    kind: 'failed',
    pattern: `${SUBJECT} (?:does not|doesn['’]?t|did not|didn['’]?t|cannot be|can['’]?t be|could not be|is not) (?:answer|respond|work|load|reached|reachable|open)(?:ing)?`,
  },
  {
    kind: 'worked',
    pattern: `${SUBJECT} (?:is|are) (?:up|online|reachable|back|available|ok|okay|fine|working)(?: again)?`,
  },
  { kind: 'worked', pattern: `${SUBJECT} (?:works|worked|answers|answered|succeeds|succeeded|responds)` },
  {
    kind: 'count',
    pattern: `(?:there are|i have|it has) (?:more than|over) (\\d+)${NOUNS}`,
    value: ([count = '']) => `> ${count}`,
  },
  {
    kind: 'count',
    pattern: `(?:there are|i have|it has) (?:fewer|less) than (\\d+)${NOUNS}`,
    value: ([count = '']) => `< ${count}`,
  },
  {
    kind: 'count',
    pattern: `(?:there are|i have|it has) at least (\\d+)${NOUNS}`,
    value: ([count = '']) => `>= ${count}`,
  },
  {
    kind: 'none',
    pattern: `there (?:are|is) (?:none|nothing|no${NOUNS}|not any)|(?:it|the list) (?:is|are) empty|i have (?:none|nothing|no${NOUNS})|there are(?:n['’]?t| not) any${NOUNS}`,
  },
  {
    kind: 'any',
    pattern: `there (?:are|is) (?:any|some|something|anything|an?|new)${NOUNS}|there (?:are|is)|i have (?:any|some)${NOUNS}|(?:it|the list) (?:is|are)(?: not|n['’]?t) empty`,
  },
  {
    kind: 'says',
    pattern: `(?:it|the (?:page|site|website|text|answer)) (?:says|contains|mentions|includes|has the words?) (?:"([^"]{1,200})"|“([^”]{1,200})”|([^,;]{1,200}?))`,
    value: (groups) => groups.find((one) => one !== '') ?? '',
  },
]
const PATTERNS = TABLE.map((row) => ({
  ...row,
  alone: new RegExp(`^(?:${row.pattern})$`, 'iu'),
  leading: new RegExp(
    `^(?:${row.pattern})(?=\\s*,|\\s+(?:then|tell|notify|alert|let|remind|list|add|post|call|say)\\b)`,
    'iu',
  ),
}))

/** Reads all of a text as a condition. */
export function readCondition(text: string): SaidCondition | undefined {
  const words = text.trim()
  for (const { kind, alone, value } of PATTERNS) {
    const found = alone.exec(words)
    if (found !== null) return said(kind, words, value?.([...found].slice(1).map((one) => one ?? '')))
  }
  return undefined
}

/** Reads a condition with which a text begins, and what follows it. */
export function leadingCondition(text: string): { condition: SaidCondition; rest: string } | undefined {
  for (const { kind, leading, value } of PATTERNS) {
    const found = leading.exec(text)
    if (found === null) continue
    const rest = text.slice(found[0].length).replace(/^\s*,?\s*(?:then\s+)?/iu, '')
    return { condition: said(kind, found[0], value?.([...found].slice(1).map((one) => one ?? ''))), rest }
  }
  return undefined
}

function said(kind: SaidCondition['kind'], words: string, value: string | undefined): SaidCondition {
  return { kind, words, ...(value === undefined ? {} : { value }) }
}

/** The condition as an expression about a step; `undefined` when the step has nothing that it could be about. */
export function expressionOf(
  { kind, value = '' }: SaidCondition,
  step: string,
  telling: Telling,
): string | undefined {
  const result = `steps.${step}.result`
  const done = `steps.${step}.status === 'completed'`
  const refused = telling.refused?.(result) ?? 'false'
  const list = telling.list?.(result)
  switch (kind) {
    case 'failed':
      return refused === 'false'
        ? `steps.${step}.status !== 'completed'`
        : `steps.${step}.status !== 'completed' || ${refused}`
    case 'worked':
      return refused === 'false' ? done : `${done} && !(${refused})`
    case 'any':
      return list && `${done} && ${list}.length > 0`
    case 'none':
      return list && `${done} && ${list}.length === 0`
    case 'count':
      return list && `${done} && ${list}.length ${value}`
    case 'says':
      return (
        telling.searched &&
        `${done} && ${telling.searched(result)}.toLowerCase().includes(${literal(value.toLowerCase())})`
      )
  }
}
