import { basename } from 'node:path'
import { isTest } from './source.ts'
import type { Source } from './source.ts'

/** Lines that files may have: half of them, nine in ten, and every one. */
const FILE = { median: 100, p90: 250, max: 400 }
const VAGUE = /^(?:utils?|helpers?|common|misc|manager)\.ts$/

/** What of the sizes is not kept, and the figures. */
export function measureSizes(files: readonly Source[]): { problems: string[]; figures: string } {
  const typescript = files.filter(({ path }) => path.endsWith('.ts'))
  const source = typescript.filter(({ path }) => !isTest(path) && !path.startsWith('bench/'))
  const lengths = source.map(({ text }) => linesOf(text)).toSorted((a, b) => a - b)
  const at = (share: number) => lengths[Math.floor((lengths.length - 1) * share)] ?? 0
  const tests = sum(typescript.filter(({ path }) => isTest(path)))
  const problems = source
    .filter(({ path, text }) => linesOf(text) > FILE.max || VAGUE.test(basename(path)))
    .map(({ path, text }) => `${path}: ${linesOf(text)} lines, or a name that says nothing`)
  if (at(0.5) > FILE.median)
    problems.push(`half of the files are longer than ${FILE.median} lines: ${at(0.5)}`)
  if (at(0.9) > FILE.p90) problems.push(`one file in ten is longer than ${FILE.p90} lines: ${at(0.9)}`)
  const total = sum(source)
  const ratio = (tests / total).toFixed(2)
  return {
    problems,
    figures: `${total} lines, median ${at(0.5)}, p90 ${at(0.9)}; ${ratio} lines of tests a line`,
  }
}

function linesOf(text: string): number {
  return text.split('\n').length - 1
}

function sum(files: readonly Source[]): number {
  return files.reduce((total, { text }) => total + linesOf(text), 0)
}
