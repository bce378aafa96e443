import type { jsonpath } from 'json-p3'

type Library = typeof jsonpath
type Query = jsonpath.JSONPathQuery
type Selector = jsonpath.JSONPathSelector
type Expression = jsonpath.expressions.FilterExpression

/** How large a document is: values in it, and levels down to the deepest. */
export interface Extent {
  values: number
  depth: number
}

/**
 * An upper bound of the values that a query visits, known before it runs: there are paths of a few characters that would
 * be at it for days. Without repeated selectors a segment leads to each value at most once, and a search of descendants
 * once from each level above it. A filter asks its own queries of every value; those that begin at the value stay below
 * it, and all that lies below all values is `values * depth`.
 */
export function costOf(library: Library, query: Query, extent: Extent): number {
  return costBelow(library, query, extent, extent.values)
}

/** @param values - how many lie where the query begins, for each time that it is asked. */
function costBelow(library: Library, { segments }: Query, extent: Extent, values: number): number {
  let cost = 0
  let repeated = 1
  for (const segment of segments) {
    const levels = segment.toString().startsWith('..') ? extent.depth : 1
    repeated *= segment.selectors.length * levels
    const asked = sum(segment.selectors.map((selector) => selectorCost(library, selector, extent)))
    cost += values * repeated * (1 + asked)
  }
  return cost
}

function selectorCost(library: Library, selector: Selector, extent: Extent): number {
  const { FilterSelector } = library.selectors
  return selector instanceof FilterSelector ? expressionCost(library, selector.expression, extent) : 0
}

/** What a filter costs for one value. */
function expressionCost(library: Library, expression: Expression, extent: Extent): number {
  const of = (part: Expression) => expressionCost(library, part, extent)
  const {
    FunctionExtension,
    InfixExpression,
    LogicalExpression,
    PrefixExpression,
    RelativeQuery,
    RootQuery,
  } = library.expressions
  if (expression instanceof RelativeQuery) return costBelow(library, expression.path, extent, 1)
  if (expression instanceof RootQuery) return costOf(library, expression.path, extent)
  if (expression instanceof LogicalExpression) return of(expression.expression)
  if (expression instanceof PrefixExpression) return of(expression.right)
  if (expression instanceof FunctionExtension) return sum(expression.args.map(of))
  // Two values are compared down to their deepest levels.
  if (expression instanceof InfixExpression) return of(expression.left) + of(expression.right) + extent.depth
  return 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
