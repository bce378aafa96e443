import type { jsonpath } from 'json-p3'

type Library = typeof jsonpath
type Query = jsonpath.JSONPathQuery
type Selector = jsonpath.JSONPathSelector
type Expression = jsonpath.expressions.FilterExpression

/** How large a document is. */
export interface Extent {
  /** Values in it; a long text counts as several. */
  values: number
  /** Levels down to the deepest. */
  depth: number
  /** Values within the one that has the most. */
  width: number
}

/** What a part of a query has led to: at most so many values, and to one and the same at most so often. */
interface Found {
  nodes: number
  repeats: number
}
const ROOT: Found = { nodes: 1, repeats: 1 }

/**
 * Work in units of some 100 ns at the most, as measured: for a value by its name, for one with all of its siblings, for
 * one on the way through all descendants, and for beginning a query that a filter asks.
 */
const NAMED = 2
const CHILD = 8
const DESCENDANT = 5
const ASKED = 3
/** Each value that is found carries the path to it; so many levels cost as much as the value itself. */
const LEVELS = 24

/**
 * An upper bound of the work of a query, known before it runs: there are paths of a few characters that would be at it
 * for days. Without repeated selectors a segment leads to each value at most once, and a search of descendants once from
 * each level above it. What a filter asks of every value counts as what goes on from all of them.
 */
export function costOf(library: Library, query: Query, extent: Extent): number {
  return costFrom(library, query, extent, ROOT)
}

function costFrom(library: Library, { segments }: Query, extent: Extent, start: Found): number {
  const { FilterSelector, IndexSelector, NameSelector } = library.selectors
  const { values, depth, width } = extent
  const far = 1 + depth / LEVELS
  let { nodes, repeats } = start
  let cost = 0
  for (const segment of segments) {
    if (segment.toString().startsWith('..')) {
      repeats = Math.min(nodes, repeats * depth)
      nodes = repeats * values
      cost += nodes * DESCENDANT * far
    }
    const all = Math.min(repeats * values, nodes * width)
    const isOne = (selector: Selector): boolean =>
      selector instanceof NameSelector || selector instanceof IndexSelector
    const singles = segment.selectors.filter(isOne).length
    const wholes = segment.selectors.length - singles
    cost += (singles * nodes * NAMED + wholes * all * CHILD) * far
    for (const selector of segment.selectors)
      if (selector instanceof FilterSelector)
        cost += expressionCost(library, selector.expression, extent, { nodes: all, repeats })
    nodes = singles * nodes + wholes * all
    repeats *= segment.selectors.length
  }
  return cost
}

/** What a filter costs for all of the values that it is applied to. */
function expressionCost(library: Library, expression: Expression, extent: Extent, found: Found): number {
  const of = (part: Expression): number => expressionCost(library, part, extent, found)
  const { nodes } = found
  const { FunctionExtension, InfixExpression, LogicalExpression } = library.expressions
  const { PrefixExpression, RelativeQuery, RootQuery } = library.expressions
  if (expression instanceof RelativeQuery)
    return nodes * ASKED + costFrom(library, expression.path, extent, found)
  if (expression instanceof RootQuery) return nodes * (ASKED + costOf(library, expression.path, extent))
  if (expression instanceof LogicalExpression) return nodes + of(expression.expression)
  if (expression instanceof PrefixExpression) return nodes + of(expression.right)
  if (expression instanceof FunctionExtension) return expression.args.map(of).reduce(sum, nodes)
  if (expression instanceof InfixExpression) {
    const sides = [expression.left, expression.right]
    return sides.map(of).reduce(sum, nodes + comparisonCost(library, expression, extent, found))
  }
  return 0
}

/**
 * Two values are compared down to their deepest levels. All that lies below all values is `values * depth`; but two
 * values that do not depend on the one that is looked at may be as large as the document each time.
 */
function comparisonCost(
  library: Library,
  { left, right, logical }: jsonpath.expressions.InfixExpression,
  { values, depth }: Extent,
  { nodes, repeats }: Found,
): number {
  const { FilterExpressionLiteral } = library.expressions
  if (logical || left instanceof FilterExpressionLiteral || right instanceof FilterExpressionLiteral) return 0
  const isBounded = isRelative(library, left) || isRelative(library, right)
  return values * (isBounded ? Math.min(nodes, repeats * depth) : nodes)
}

/** Whether what a side of a comparison is depends on the value that the filter looks at. */
function isRelative(library: Library, side: Expression): boolean {
  const { FunctionExtension, RelativeQuery } = library.expressions
  if (side instanceof FunctionExtension) return side.args.some((argument) => isRelative(library, argument))
  return side instanceof RelativeQuery
}

function sum(total: number, number: number): number {
  return total + number
}
