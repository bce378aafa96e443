import { diffLines, diffWordsWithSpace } from 'diff'

/** A stretch of text that both versions have, or only one of them. */
export interface Change {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Steps after which two texts count as having nothing in common: the search grows with their square. */
const EDITS_MAX = 1000

/**
 * What has to be done to a text to get the other: line by line when either has several lines, else word by word. The
 * parts that are not added are the first text, those that are not removed the second.
 */
export function changesBetween(before: string, after: string): Change[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }]
  const hasLines = before.trim().includes('\n') || after.trim().includes('\n')
  const bounds = { maxEditLength: EDITS_MAX }
  const parts = hasLines ? diffLines(before, after, bounds) : diffWordsWithSpace(before, after, bounds)
  if (parts === undefined) return replaced(before, after)
  return parts.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}

function replaced(before: string, after: string): Change[] {
  const all: Change[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
  return all.filter(({ text }) => text !== '')
}
