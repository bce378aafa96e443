/** Openings with which people point to a text instead of giving it, and up to how many words they do so. */
const POINTING: readonly (readonly [RegExp, number])[] = [
  [/^(?:my|our|your|his|her|their|this|that|these|those|it|them|which|what|last|today|yesterday)\b/i, 8],
  [/^(?:the|an?|all|every|each|some)\b/i, 5],
]
const WORDS_MIN = 3

/** Whether these words are a text to work on, rather than words about one such as "my notes from monday". */
export function isPassage(text: string): boolean {
  const words = text.trim()
  if (/^["'“‘«].+["'”’»][.!?]?$/s.test(words)) return true
  if (/\n|[.!?;:…]\s+\S|[;|]\S|[。！？]/.test(words)) return true
  const count = words.split(/\s+/).length
  const [, most = WORDS_MIN - 1] = POINTING.find(([opening]) => opening.test(words)) ?? []
  return count > most
}
