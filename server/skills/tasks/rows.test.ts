import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { readRows } from './rows.ts'

const texts = (csv: string) => readRows(csv).map(({ text }) => text)

test('items are in the column of that name, or else in the first', () => {
  assert.deepEqual(texts('qty,Item\n2,socks\n1,"shirt, blue"'), ['socks', 'shirt, blue'])
  assert.deepEqual(texts('name,due\nSweep chimney,2026-10-01'), ['Sweep chimney'])
  assert.deepEqual(texts('task;priority\nCall vet;1'), ['Call vet'])
})

test('a first row that names no column is an item', () => {
  assert.deepEqual(texts('rice\nbeans\n'), ['rice', 'beans'])
  assert.deepEqual(texts('\uFEFFitem\r\nrice\r\n'), ['rice'])
})

test('a priority is read in words and numbers, and is normal otherwise', () => {
  const rows = readRows('item,priority\na,high\nb,LOW\nc,1\nd,whatever\ne')
  assert.deepEqual(
    rows.map(({ priority }) => priority),
    ['high', 'low', 'high', 'normal', 'normal'],
  )
})

test('a damaged table or one without items is refused', () => {
  assert.throws(() => readRows('item\n"rice'), ActionError)
  assert.throws(() => readRows('item,qty\n,2\n'), ActionError)
  assert.throws(() => readRows('  \n'), ActionError)
})
