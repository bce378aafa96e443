/** In shorter names one letter often makes another name. */
const LETTERS_MIN = 6

/** Whether a name is another with one letter left out, added, replaced or swapped with the next; never the first one. */
export function isSlip(said: string, name: string): boolean {
  const least = Math.min(said.length, name.length)
  if (said === name || least < LETTERS_MIN || said[0] !== name[0]) return false
  let start = 1
  while (start < least && said[start] === name[start]) start += 1
  let end = 0
  while (end < least - start && said.at(-1 - end) === name.at(-1 - end)) end += 1
  const [left, right] = [said, name].map((one) => one.slice(start, one.length - end))
  if (left === undefined || right === undefined || !/^\p{L}{0,2}$/u.test(left)) return false
  if (left.length <= 1 && right.length <= 1) return /^\p{L}?$/u.test(right)
  return left.length === 2 && left === `${right.slice(1)}${right.slice(0, 1)}`
}
