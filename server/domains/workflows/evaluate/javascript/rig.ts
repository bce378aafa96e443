import { compileFunction } from 'node:vm'
import { compile, evaluate } from '../expression.ts'
import { EvaluationError } from '../place.ts'
import { budget, scope } from '../rig.ts'
import type { Json } from '../value.ts'

/** Data of all kinds. Real JavaScript is only ever run here, on sources that the tests write. */
export const INPUT = {
  a: 1,
  n: -2.5,
  zero: 0,
  text: 'Hello World',
  empty: '',
  yes: true,
  nothing: null,
  list: [3, 1, 10, 2],
  words: ['b', 'a', '😀', 'B', ''],
  mixed: [null, 'x', 0, [1, [2, [3]]], { k: 'v' }],
  rows: [
    { k: 'x', v: 2 },
    { k: 'y', v: 1 },
    { k: 'x', v: null },
  ],
  deep: { x: { y: 'z' }, list: [[1, 2], [3]] },
  '10': 'ten',
  '9': 'nine',
}
const VARS = { y: 'Y', b: 2 }

/** What JavaScript gives, as JSON; `undefined` where it throws or where JSON cannot hold the result. */
export function inJavaScript(source: string): Json | undefined {
  try {
    const work = compileFunction(`"use strict"; return (${source})`, ['input', 'vars'])
    const value: unknown = work(structuredClone(INPUT), structuredClone(VARS))
    return isFinite(value) ? JSON.parse(JSON.stringify(value) ?? 'null') : undefined
  } catch {
    return undefined
  }
}

function isFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value !== 'object' || value === null || Object.values(value).every((part) => isFinite(part))
}

export function inOurs(source: string): Json | undefined {
  try {
    return evaluate(compile(source), scope({ input: INPUT, vars: VARS }), budget())
  } catch (error) {
    if (error instanceof EvaluationError) return undefined
    throw error
  }
}
