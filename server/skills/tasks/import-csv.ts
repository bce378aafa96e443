import { Type } from 'typebox'
import { sayCount } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { ListName, addAll, cleanTexts } from './add.ts'
import { allItems, knownList, sayName } from './items.ts'
import type { Can } from './items.ts'
import { readRows } from './rows.ts'

/** Items that one table may bring: they are written in one transaction. */
const ITEMS_MAX = 500

export const import_csv = action({
  summary: 'Puts the rows of a table (CSV) on a list.',
  parameters: shape({
    csv: Type.String({ minLength: 1, maxLength: 1_000_000 }),
    list: Type.Optional(ListName),
  }),
  result: shape({ added: Type.Array(Type.String()), list: Type.String() }),
  effect: 'write',
  slots: { csv: 'table', list: 'name' },
  questions: { csv: 'Paste the table, please.' },
  phrases: [
    '(import|load|add) (this|the) csv: {csv}',
    '(import|load|add) (this|the) csv (into|to) (my|the|our) {list} list: {csv}',
    '(import|load|add) (these|the) (tasks|to dos|todos|items) from [a] csv: {csv}',
    '(import|load|add) (these|the) (tasks|to dos|todos|items) from [a] csv (into|to) my {list} list: {csv}',
    '(add|put) (every|the|all) (row|rows|line|lines) of this (csv|table) (to|on) (my|the) {list} list: {csv}',
    '(add|put) the (rows|lines|entries) of (this|the) (csv|table) (to|on) (my|the) {list} list',
    'bulk import (tasks|to dos|todos|items) [from] csv: {csv}',
    '(import|load) [a|my|this|the] csv',
    'import (tasks|to dos|todos|items) [from [a] csv]',
    'csv import',
  ],
  examples: [
    'import these tasks from a csv',
    'load this csv into the packing list: item,qty tent,1 stove,1',
    'put the rows of this table on my shopping list',
    'here is a csv of things to do, add them all',
    'take my old tasks over: task,priority Mow lawn,2 Fix tap,1',
    'bulk add from this spreadsheet to the party list',
    'read in this list of items, comma separated with a header',
    'csv import for my to dos',
    'turn the lines of this csv into tasks',
    'I exported tasks from another app, load them here',
    'add all entries of the table to the camping list',
    'import csv item bread butter jam',
    'make a task out of every row: title,due Call plumber,Monday',
    'upload my csv of groceries',
    'every row of this sheet should become a task',
  ],
  perform: async (can: Can, parameters) => {
    const rows = readRows(parameters.csv)
    if (rows.length > ITEMS_MAX) {
      throw new ActionError(`This table has ${rows.length} items; I can take ${ITEMS_MAX} at once.`)
    }
    const items = await allItems(can)
    const list = knownList(parameters.list, items)
    const texts = cleanTexts(rows.map(({ text }) => text))
    const priorities = new Map(rows.map(({ text, priority }) => [text, priority]))
    const { added, present } = await addAll(can, texts, list, items, priorities)
    const already = present.length === 0 ? '' : ` ${sayCount(present.length, 'item')} had been there already.`
    return {
      data: { added, list },
      text: `Added ${sayCount(added.length, 'item')} to ${sayName(list)}.${already}`,
    }
  },
})
