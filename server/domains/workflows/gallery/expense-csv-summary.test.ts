import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGallery } from './rig.ts'

const EMPTY =
  'info: There are no expenses in this table: it needs a line with the names of its columns, category and amount, and then a line for each expense.'
const whyNot = (why: string) => `warning: The expenses could not be added up. ${why}`

test('what a table says is told, dearest category first, and nothing else runs for what is empty', async (t) => {
  const { add, start } = await openGallery(t)
  const id = await add('expense_csv_summary')
  const table: [unknown, string][] = [
    [
      { csv: 'category,amount\nfood,12.50\nrent,800\nfood,3' },
      'info: Expenses, 815.50 in all: rent 800.00, food 15.50.',
    ],
    [
      { csv: '\uFEFFDate;Category;Amount\r\n1.2.;food;0.1\r\n2.2.;food;0.2\r\n' },
      'info: Expenses, 0.30 in all: food 0.30.',
    ],
    [
      { csv: 'category\tamount\n\t-5\nfees\t"1,234.50"' },
      'info: Expenses, 1229.50 in all: fees 1234.50, no category -5.00.',
    ],
    [
      { csv: 'category,amount\nfood,3\nfood,lots\nrent,"1,5"\nbank,' },
      'info: Expenses, 3.00 in all: food 3.00. 2 amounts are no numbers and were left out.',
    ],
    [
      { csv: 'category,amount\nfood,3\nfood,x' },
      'info: Expenses, 3.00 in all: food 3.00. 1 amount is no number and was left out.',
    ],
    [{ csv: 'category,amount' }, EMPTY],
    [{ csv: ' \n ' }, EMPTY],
    [{ csv: null }, EMPTY],
    [{}, EMPTY],
    [undefined, EMPTY],
    ['a text', EMPTY],
    [{ csv: 'item,price\ntea,2' }, whyNot('There is no column "amount". There are item and price.')],
    [{ csv: 'category,amount\nfood,much' }, whyNot('The column "amount" has no numbers.')],
    [{ csv: 'category,amount\n"food,2' }, whyNot('Row 2 has a quotation mark too few or too many.')],
  ]
  for (const [input, text] of table) {
    const { status, told } = await start(id, input)
    assert.deepEqual([status, told], ['completed', [text]], JSON.stringify(input))
  }
})

test('sums are kept as a note, and what could not be added up leaves none', async (t) => {
  const { add, act, start } = await openGallery(t)
  const id = await add('expense_csv_summary')
  const notes = async () => {
    const { memories } = (await act(2, 'list', { tags: ['expenses'] })) as { memories: { text: string }[] }
    return memories.map(({ text }) => text)
  }
  for (const csv of ['', 'category,amount', 'a,b\n1,2', 'category,amount\nfood,x']) await start(id, { csv })
  assert.deepEqual(await notes(), [])
  await start(id, { csv: 'category,amount\nfood,2' })
  assert.deepEqual(await notes(), ['Expenses, 2.00 in all: food 2.00.'])
})

const csv = (rows: number) =>
  `category,amount\n${Array.from({ length: rows }, (_, row) => `category number ${row % 50},${row % 7}.5`).join('\n')}`

test('a table of fifty kilobytes and fifty categories is summed, and one of eighty is said to be too large', async (t) => {
  const { add, start } = await openGallery(t)
  const id = await add('expense_csv_summary')
  const { status, told } = await start(id, { csv: csv(2_200) })
  assert.equal(status, 'completed')
  assert.match(
    told[0] ?? '',
    /^info: Expenses, 7695\.00 in all: category number 5 159\.00, .* and 30 more\.$/,
  )
  const large = await start(id, { csv: csv(3_500) })
  assert.equal(large.status, 'completed')
  assert.match(large.told[0] ?? '', /^warning: The expenses could not be added up\. .*65,?536/)
})

test('what spreadsheets hide in a table is text, and no expression is read out of it', async (t) => {
  const { add, start } = await openGallery(t)
  const id = await add('expense_csv_summary')
  const { told } = await start(id, { csv: 'category,amount\n{{1 + 1}},2\n=cmd(),3' })
  assert.deepEqual(told, ['info: Expenses, 5.00 in all: =cmd() 3.00, {{1 + 1}} 2.00.'])
})
