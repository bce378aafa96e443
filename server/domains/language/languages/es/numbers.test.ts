import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineOf, readNumber } from './numbers.ts'

test('numbers are read in words and in digits', () => {
  const numbers: readonly (readonly [string, number])[] = [
    ['cero', 0],
    ['una', 1],
    ['quince', 15],
    ['veintitrés', 23],
    ['veintitres', 23],
    ['treinta y cinco', 35],
    ['cuarenta y un', 41],
    ['cien', 100],
    ['ciento veinte', 120],
    ['doscientos treinta y uno', 231],
    ['quinientas', 500],
    ['mil', 1000],
    ['mil quinientos', 1500],
    ['dos mil trescientos cuarenta', 2340],
    ['un millón', 1_000_000],
    ['dos millones quinientos mil', 2_500_000],
    ['dos coma cinco', 2.5],
    ['2,5', 2.5],
    ['2.340,5', 2340.5],
    ['menos doce', -12],
  ]
  for (const [text, value] of numbers) assert.equal(readNumber(text), value, text)
})

test('what is only like a number is none', () => {
  for (const text of [
    '',
    'leche',
    'siete y media',
    'veinte y cinco',
    'dos huevos',
    'por ciento',
    'un segundo',
  ])
    assert.equal(readNumber(text), undefined, text)
})

test('an hour keeps its minutes apart, and "por ciento" counts nothing', () => {
  assert.equal(lineOf('a las diez y treinta y cinco'), 'a las 10 y 35')
  assert.equal(lineOf('el 17 por ciento'), 'el 17 por ciento')
  assert.equal(lineOf('el primero de mayo'), 'el 1th de mayo')
  assert.equal(lineOf('un cuarto de hora y un segundo'), 'un cuarto de hora y un segundo')
})
