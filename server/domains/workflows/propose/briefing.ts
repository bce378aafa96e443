import { bare, readSummed } from './words.ts'

/** What a briefing is made from, as clauses that agents understand. */
export interface Sources {
  clauses: string[]
  unclear: string[]
}

const OF = /\b(?:from|of|with|about|on|using|out of|including|for)\s+(?<sources>.+)$/iu
const TABLE: readonly { pattern: RegExp; clause: (groups: readonly string[]) => string }[] = [
  {
    pattern: /^(?:notes?|memos?|memory|memories) (?:tagged|with the tags?) (.+)$/iu,
    clause: ([tags = '']) => `list my notes tagged ${tags}`,
  },
  {
    pattern: /^(?:notes?|memos?|memory|memories) (?:about|on|for) (.+)$/iu,
    clause: ([topic = '']) => `find my notes about ${topic}`,
  },
  {
    pattern: /^(?:(?:newest|latest|last|recent) )?(?:notes?|memos?|memory|memories)$/iu,
    clause: () => 'list my notes',
  },
  { pattern: /^(?:reminders?|alarms?|timers?)$/iu, clause: () => 'list my reminders' },
  { pattern: /^(?:open )?(?:tasks?|to.?dos?|to.?do list|task list)$/iu, clause: () => 'list my tasks' },
  { pattern: /^([\p{L}\p{N} ]{1,40}) list$/iu, clause: ([name = '']) => `read my ${name} list` },
  {
    pattern:
      /^(?:calendar|appointments?|next (?:event|appointment|meeting)|events?|agenda|schedule|diary)$/iu,
    clause: () => 'what is my next appointment',
  },
  {
    pattern:
      /^(?:(?:news|headlines|feed|newest entries|latest news) (?:of|from|at|on) )((?:https?:\/\/)?\S+\.\S+)$/iu,
    clause: ([address = '']) => `get the headlines from ${address}`,
  },
  { pattern: /^((?:https?:\/\/|www\.)\S+)$/iu, clause: ([address = '']) => `read the page at ${address}` },
  { pattern: /^watches$/iu, clause: () => 'list my watches' },
]
/** What a briefing is made from when nothing is said. */
const USUAL = ['notes', 'reminders', 'tasks']

/** Finds the sources of "make a briefing from my notes and reminders" and of "summarise my notes". */
export function briefingSources(clause: string): Sources {
  const said = readSummed(clause) ?? OF.exec(bare(clause))?.groups?.['sources']
  const names =
    said === undefined || /^(?:me|us|today|the day|the morning|tomorrow|everything)$/iu.test(said)
      ? USUAL
      : said.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/iu)
  const unclear: string[] = []
  const clauses = names.flatMap((name) => {
    const plain = name.replace(/^(?:(?:my|the|our|all|any|from|of|new)\s+)+/iu, '').trim()
    for (const { pattern, clause: say } of TABLE) {
      const found = pattern.exec(plain)
      if (found === null) continue
      return [say([...found].slice(1))]
    }
    unclear.push(name)
    return []
  })
  return { clauses: [...new Set(clauses)], unclear }
}
