/** Everything that an expression may do; nothing else is ever evaluated. */
export type Operation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'fraction'
  | 'percent'
  | 'power'
  | 'mod'
  | 'negate'
  | 'factorial'
  | 'abs'
  | 'sign'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'sqrt'
  | 'cbrt'
  | 'root'
  | 'exp'
  | 'ln'
  | 'log10'
  | 'log'
  | 'radians'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sum'
  | 'product'
  | 'mean'
  | 'median'
  | 'min'
  | 'max'
  | 'gcd'
  | 'lcm'
  | 'choose'
  | 'permutations'
  | 'hypot'
  | 'pi'
  | 'tau'
  | 'e'

/** A parsed expression. Digits stay text, so that no decimal is ever rounded by reading it. */
export type Tree = { kind: 'number'; digits: string } | { kind: 'call'; name: Operation; of: readonly Tree[] }

export function number(digits: string | number): Tree {
  return { kind: 'number', digits: String(digits) }
}

export function call(name: Operation, ...of: readonly Tree[]): Tree {
  return { kind: 'call', name, of }
}
