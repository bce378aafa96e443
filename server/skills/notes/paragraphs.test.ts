import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paragraphs } from './paragraphs.ts'

test('a text falls into paragraphs, with line breaks inside them as spaces', () => {
  assert.deepEqual(paragraphs('The gate code\r\nis 1180.\r\n \r\n\n  Bins go out on Thursday.\n'), [
    'The gate code is 1180.',
    'Bins go out on Thursday.',
  ])
})

test('a list falls into its points, whatever they begin with', () => {
  assert.deepEqual(paragraphs('Notes:\n- flat is 2B\n* meter is\n  in the cellar\n3. fuse box: hall'), [
    'Notes:',
    'flat is 2B',
    'meter is in the cellar',
    'fuse box: hall',
  ])
})

test('a dash or a number inside a line begins no point, and blank text has no paragraphs', () => {
  assert.deepEqual(paragraphs('2 - 1 is 1\n3.5 metres'), ['2 - 1 is 1 3.5 metres'])
  assert.deepEqual(paragraphs(' \n\t\n'), [])
})
