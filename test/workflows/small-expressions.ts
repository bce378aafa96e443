/**
 * The small family of expressions that generated workflows are made of, worked out without the project's evaluator:
 * literals, paths such as `steps.a.result?.n` and `steps['a-1'].status`, one comparison of such, and those joined by
 * ` && ` or else ` || `. No text in them holds an operator.
 */
export interface Scope {
  input: unknown
  /** `{status, result, error}` of every step that has an outcome. */
  steps: Record<string, unknown>
  /** `{step_id, message}`, for fallback steps alone. */
  error?: unknown
}

/** What an expression cannot be worked out for. */
export class Broken extends Error {}

const COMPARISON = /^(.+?) (===|!==|==|!=|>=|<=|>|<) (.+)$/
const LINK = /(\??\.)([A-Za-z_]\w*)|\['([\w-]+)'\]/y
const STEP_READ = /\bsteps(?:\.([A-Za-z_]\w*)|\['([\w-]+)'\])/g
const TEMPLATE = /\{\{(.*?)\}\}/g

/** The value of an expression; throws `Broken`. */
export function evaluate(expression: string, scope: Scope): unknown {
  const choices = expression.split(' || ')
  if (choices.length > 1) return joined(choices, scope, (value) => !isTruthy(value))
  return joined(expression.split(' && '), scope, isTruthy)
}

/** The steps that an expression reads, whether it comes to that part of it or not. */
export function stepsRead(expression: string): string[] {
  return [...expression.matchAll(STEP_READ)].map((found) => String(found[1] ?? found[2]))
}

/** Parameters with their expressions worked out; what is `undefined` is left out. */
export function fill(parameters: Record<string, unknown>, scope: Scope): Record<string, unknown> {
  const filled = Object.entries(parameters).map(
    ([key, value]) => [key, typeof value === 'string' ? fillText(value, scope) : value] as const,
  )
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined))
}

/** The steps that the texts of parameters read. */
export function stepsReadBy(parameters: Record<string, unknown>): string[] {
  return Object.values(parameters).flatMap((value) =>
    typeof value === 'string'
      ? [...value.matchAll(TEMPLATE)].flatMap(([, source = '']) => stepsRead(source))
      : [],
  )
}

function fillText(text: string, scope: Scope): unknown {
  const [first] = text.matchAll(TEMPLATE)
  if (first?.[0] === text) return evaluate(first[1] ?? '', scope)
  return text.replaceAll(TEMPLATE, (_, source: string) => written(evaluate(source, scope)))
}

function written(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function joined(parts: readonly string[], scope: Scope, goesOn: (value: unknown) => boolean): unknown {
  let value: unknown
  for (const part of parts) {
    value = compared(part, scope)
    if (!goesOn(value)) break
  }
  return value
}

function compared(source: string, scope: Scope): unknown {
  const [, left, operator, right] = COMPARISON.exec(source) ?? []
  if (left === undefined || right === undefined) return atom(source, scope)
  const [a, b] = [atom(left, scope), atom(right, scope)]
  if (operator === '===') return a === b
  if (operator === '!==') return a !== b
  // `==` and `!=` are written about `null` alone, which holds for what is missing as well.
  if (operator === '==') return (a ?? null) === (b ?? null)
  if (operator === '!=') return (a ?? null) !== (b ?? null)
  // Numbers are all that is put in order; a field that is missing gives NaN, which nothing is above or below.
  const [x, y] = [typeof a === 'number' ? a : Number.NaN, typeof b === 'number' ? b : Number.NaN]
  if (operator === '>') return x > y
  if (operator === '<') return x < y
  return operator === '>=' ? x >= y : x <= y
}

function atom(source: string, scope: Scope): unknown {
  if (source === 'true') return true
  if (source === 'false') return false
  if (source === 'null') return null
  if (/^\d+$/.test(source)) return Number(source)
  if (/^'[^']*'$/.test(source)) return source.slice(1, -1)
  return pathValue(source, scope)
}

function pathValue(source: string, scope: Scope): unknown {
  const [root = ''] = /^[a-z]+/.exec(source) ?? []
  if (!Object.hasOwn(scope, root)) throw new Broken(`There is no ${root}.`)
  let value: unknown = { ...scope }[root]
  LINK.lastIndex = root.length
  while (LINK.lastIndex < source.length) {
    const link = LINK.exec(source)
    if (link === null) throw new TypeError(`${source} is not of the small family.`)
    if (value === undefined || value === null) {
      if (link[1] === '?.') return undefined
      throw new Broken(`${source} reads a field of ${String(value)}.`)
    }
    value = field(value, String(link[2] ?? link[3]))
  }
  return value
}

function field(value: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(new Object(value), name)?.value
}

function isTruthy(value: unknown): boolean {
  return Boolean(value)
}
