import { EXIT, Stop } from './exit.ts'

/** How many of a list are wanted. @throws Stop for what is no such number. */
export function readLimit(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 500) return Number(text)
  throw new Stop(EXIT.usage, `--limit ${text} is not a number from 1 to 500.`)
}
