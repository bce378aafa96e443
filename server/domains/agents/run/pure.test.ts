import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { openWorkers } from '../../../kernel/workers.ts'
import { openInMemory } from '../../../skills/in-memory.ts'
import { data } from '../../../skills/data/index.ts'
import { fetcher } from '../../../skills/fetcher/index.ts'
import { guardian } from '../../../skills/guardian/index.ts'
import { notes } from '../../../skills/notes/index.ts'
import { reminders } from '../../../skills/reminders/index.ts'
import { tasks } from '../../../skills/tasks/index.ts'
import { text } from '../../../skills/text/index.ts'
import { watcher } from '../../../skills/watcher/index.ts'

const NOW = Date.UTC(2026, 10, 22, 10)
const clock = { now: NOW, time_zone: 'Europe/Berlin' }
const SKILLS = [data, fetcher, guardian, notes, reminders, tasks, text, watcher]

const PROSE = 'Zoë ate 3 plums. The plums were ripe – “very” ripe. Nobody else ate plums. 🍑'
const ROWS = [
  { name: 'Ann', age: 41, city: 'Kiel' },
  { name: 'Bo', age: 29, city: 'Ulm' },
  { name: 'Cy', age: 35, city: 'Kiel' },
]
const FEED = `<rss version="2.0"><channel><title>News</title><item><guid>1</guid><title>Ä &amp; B</title>
  <link>https://example.org/1</link><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>`

const EXAMPLES: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  'data.calculate': [{ expression: '0.1 + 0.2' }, { expression: 'half of 91' }],
  'data.convert': [
    { value: 5, from: 'miles', to: 'km' },
    { value: '3 pm', from: 'Berlin', to: 'Tokyo' },
  ],
  'data.read': [{ text: 'a;b\n1;"x;y"\n' }, { text: '[{"a":null}]' }],
  'data.filter': [{ rows: ROWS, where: 'age > 30' }],
  'data.aggregate': [{ rows: ROWS, column: 'age', by: 'city', function: 'mean' }],
  'data.chart_data': [{ rows: ROWS, x: 'name', y: 'age' }],
  'text.summarise': [{ text: PROSE, sentences: 1 }],
  'text.keywords': [{ text: PROSE, limit: 3 }],
  'text.diff': [{ before: 'a\nb\n', after: 'a\nc\n' }],
  'text.replace': [{ text: PROSE, find: 'plums', with: '$& 🫐' }],
  'text.fill_template': [{ template: '{{ a }} and {{b}}', values: { a: 'x', b: '' } }],
  'text.count': [{ text: PROSE }, { text: '' }],
  'text.detect_language': [{ text: 'Das ist ein ganz gewöhnlicher deutscher Satz über Äpfel.' }],
  'text.redact': [{ text: 'Mail ann@example.org, card 4111 1111 1111 1111.' }],
  'fetcher.html_to_text': [{ html: '<title>T</title><h1>Hé</h1><p>a &lt; b</p><script>no()</script>' }],
  'fetcher.json_path': [{ json: { a: [{ b: 1 }, { b: null }] }, path: '$.a[*].b' }],
  'fetcher.parse_feed': [{ text: FEED }],
  'watcher.read_source': [
    { text: FEED, format: 'feed' },
    { text: '<p>page</p>', format: 'page' },
  ],
}
/** What the actions themselves refuse, which is the user's to read. */
const REFUSED: Readonly<Record<string, Record<string, unknown>>> = {
  'data.read': { text: '[1, 2' },
  'data.calculate': { expression: '1 / nothing' },
  'fetcher.parse_feed': { text: 'no feed' },
}

const workers = openWorkers(fakeClock(NOW), new URL('../../../worker.ts', import.meta.url))
after(() => workers.close())
const actionOf = (path: string) => {
  const [skill, name = ''] = path.split('.')
  const action = SKILLS.find((one) => one.name === skill)?.actions[name]
  if (action === undefined) throw new Error(`There is no ${path}.`)
  return action
}
const beside = (path: string, parameters: Record<string, unknown>) => {
  const [skill, action] = path.split('.')
  return workers.run({ skill, action, parameters, clock }, 'ann', new AbortController().signal)
}

test('every action that is declared pure has its example here', () => {
  const pure = SKILLS.flatMap(({ name, actions }) =>
    Object.keys(actions)
      .filter((action) => actions[action]?.pure === true)
      .map((action) => `${name}.${action}`),
  )
  assert.deepEqual(pure.toSorted(), Object.keys(EXAMPLES).toSorted())
})

test('a pure action reads, and is the same beside the event loop as in it', async () => {
  const can = openInMemory(NOW, clock.time_zone)
  for (const [path, examples] of Object.entries(EXAMPLES)) {
    const action = actionOf(path)
    assert.equal(action.effect, 'read', path)
    for (const parameters of examples) {
      const { value } = await beside(path, parameters)
      assert.deepEqual(value, await action.perform(can, parameters), path)
    }
  }
})

test('what a pure action refuses is refused in the same words', async () => {
  const can = openInMemory(NOW, clock.time_zone)
  for (const [path, parameters] of Object.entries(REFUSED)) {
    const inline = Promise.try(() => actionOf(path).perform(can, parameters))
    const { message } = await inline.then(
      () => assert.fail(`${path} was not refused`),
      (error: Error) => error,
    )
    await assert.rejects(beside(path, parameters), { reason: 'refused', message }, path)
  }
})

test('a worker performs nothing but pure actions, and no name reaches beyond the skills', async () => {
  for (const path of [
    'fetcher.get',
    'watcher.watch',
    'tasks.add',
    'constructor.name',
    'text.constructor',
    'text.__proto__',
  ])
    await assert.rejects(beside(path, {}), {
      reason: 'failed',
      message: `${path.split('.')[0]} has no pure action ${path.split('.')[1]}.`,
    })
})
