import { Type } from 'typebox'
import { sayCount } from '../say.ts'
import { action, shape } from '../skill.ts'
import { chartRows } from './rows/chart.ts'
import { rowsOf } from './rows/read.ts'
import { ColumnName, RowsOrText } from './rows/shapes.ts'
import { sayAmount } from './say.ts'

const Point = shape({ x: Type.Union([Type.Number(), Type.String()]), y: Type.Number() })

export const chart_data = action({
  summary: 'Prepares two columns of a table for drawing as a line or bar chart.',
  parameters: shape({ rows: RowsOrText, x: ColumnName, y: ColumnName }),
  result: shape({
    x: Type.String(),
    y: Type.String(),
    kind: Type.Enum(['line', 'bar']),
    points: Type.Array(Point),
    skipped: Type.Integer(),
  }),
  effect: 'read',
  pure: true,
  slots: { rows: 'data', x: 'text', y: 'text' },
  questions: {
    rows: 'Which data? Paste it as CSV with a header or as JSON.',
    x: 'Which column goes along the bottom?',
    y: 'Which column goes up the side?',
  },
  phrases: [
    '(chart|plot|graph|draw) [the] {y} (by|against|over|per|for each|versus) [the] {x} [for me] {rows}',
    '(chart|plot|graph|draw) [the] {y} (by|against|over|per|for each|versus) {x} (in|of|from) {rows}',
    '(make|draw|show me) a [bar|line] (chart|graph) of [the] {y} (by|against|over|per|for each) {x} {rows}',
    'give me a [bar|line] (chart|graph|plot) of [the] {y} (by|against|over|per|for each) {x} {rows}',
    '(make|draw|create) a [bar|line] (chart|graph|plot) (of|from|with) {rows} with {x} on x and {y} on y',
    '(chart|plot|graph|draw) {rows} with {x} on [the] x [axis] and {y} on [the] y [axis]',
    '(chart|plot|graph) {rows} with {x} along the bottom and {y} up the side',
    '(make|draw|create|show me) a [bar|line] (chart|graph) (of|from) [this|these|the following] {rows}',
    '(chart|plot|graph|visualise|visualize) (this|these|the following) [data|rows|numbers] {rows}',
  ],
  examples: [
    'make a chart of this data',
    'plot price over time [{"date":"2026-01-01","price":4},{"date":"2026-02-01","price":5}]',
    'draw me a bar chart of votes per party\nparty,votes\nsun,31\nmoon,28',
    'can I see these numbers as a graph',
    'line chart, week on the bottom, kilos on the side: week,kilos\n1,84\n2,83',
    'graph the temperature by hour',
    'visualise this table for me',
    'turn the csv into a chart with name and score',
    'I would like a graph of visitors against day',
    'put sales on the y axis and year on the x axis',
    'show how the rainfall developed as a diagram',
    'get the points for a plot of speed versus time',
    'chart my weight over the last months from this file',
    'prepare a bar graph of goals for each player',
    'sketch the costs per month',
    'diagram of cups of coffee by weekday please',
  ],
  perform: (_can, asked) => {
    const data = chartRows(rowsOf(asked.rows), asked)
    const heights = data.points.map(({ y }) => y)
    const [least, most] = [heights.reduce((a, b) => Math.min(a, b)), heights.reduce((a, b) => Math.max(a, b))]
    const range = `from ${sayAmount(least)} to ${sayAmount(most)}`
    const left = data.skipped === 0 ? '' : ` ${sayCount(data.skipped, 'row')} had no number.`
    return {
      data,
      text: `Here is ${data.y} by ${data.x}: ${sayCount(data.points.length, 'point')} ${range}.${left}`,
    }
  },
})
