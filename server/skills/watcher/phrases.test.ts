import assert from 'node:assert/strict'
import { test } from 'node:test'
import { understandClause } from '../../domains/workflows/propose/rig.ts'

/** What a sentence has watched, and how often in seconds. */
async function watched(sentence: string): Promise<[target: unknown, every_seconds: unknown] | undefined> {
  const found = await understandClause(sentence)
  if (found?.action !== 'watch') return undefined
  return [found.parameters['target'], found.parameters['every_seconds']]
}

test('how often one looks is never part of what is watched', async () => {
  const table: readonly (readonly [sentence: string, target: string, every_seconds: number | undefined])[] = [
    ['keep an eye on ~/dl every 10 seconds', '~/dl', 10],
    ['keep an eye on the folder ~/dl every ten minutes', '~/dl', 600],
    ['keep an eye on ~/dl every hour', '~/dl', 3_600],
    ['watch ~/my photos every minute for changes', '~/my photos', 60],
    ['watch the file /srv/a.csv every 2 hours', '/srv/a.csv', 7_200],
    ['monitor my site example.org every 5 minutes for changes', 'example.org', 300],
    ['check example.org/prices every day', 'example.org/prices', 86_400],
    ['keep an eye on ~/dl', '~/dl', undefined],
    ['watch the page at example.org', 'example.org', undefined],
    ['let me know when ~/every file changes', '~/every file', undefined],
  ]
  for (const [sentence, target, every_seconds] of table)
    assert.deepEqual(await watched(sentence), [target, every_seconds], sentence)
})

test('an interval that is none is not taken for the end of a path', async () => {
  for (const sentence of ['watch ~/dl every now and then', 'keep an eye on ~/dl each time'])
    assert.equal(await watched(sentence), undefined, sentence)
})
