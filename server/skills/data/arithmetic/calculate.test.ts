import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ActionError } from '../../skill.ts'
import { calculateExpression } from './calculate.ts'

const WRITTEN: readonly (readonly [string, number])[] = [
  ['1 + 1', 2],
  ['0.1 + 0.2', 0.3],
  ['0.3 - 0.1', 0.2],
  ['1.1 * 3', 3.3],
  ['19.99 * 3', 59.97],
  ['2,340 * 2', 4680],
  ['1,234,567.5 + 0.5', 1234568],
  ['(3+4)*7/2', 24.5],
  ['7^3 - 19', 324],
  ['2^10', 1024],
  ['2**3**2', 512],
  ['-2^2', -4],
  ['(-2)^2', 4],
  ['2^-3', 0.125],
  ['10 / 4', 2.5],
  ['1/3*3', 1],
  ['17 % 5', 2],
  ['17 mod 5', 2],
  ['5!', 120],
  ['50% of 10 + 3', 8],
  ['80 - 15%', 68],
  ['200 + 10% - 20', 200],
  ['sqrt(2)^2', 2],
  ['√16', 4],
  ['3² + 2³', 17],
  ['6 × 7 ÷ 2', 21],
  ['2½ * 4', 10],
  ['2(3+4)', 14],
  ['max(1, 5, 3)', 5],
  ['max(1,200)', 200],
  ['sqrt(1,600)', 40],
  ['min(4, -2) * 3', -6],
  ['round(2.567, 1)', 2.6],
  ['floor(-1.5)', -2],
  ['floor(1/3*3)', 1],
  ['gcd(12, 18, 30)', 6],
  ['lcm(4, 6)', 12],
  ['log(1000)', 3],
  ['log(8, 2)', 3],
  ['ln(e)', 1],
  ['sin(30 deg)', 0.5],
  ['sin(pi)', 0],
  ['hypot(3, 4)', 5],
  ['$20 + $5.50', 25.5],
  ['1e3 + 1', 1001],
]

const SPOKEN: readonly (readonly [string, number])[] = [
  ['17 percent of 2,340', 397.8],
  ["what's 18% of 240?", 43.2],
  ['three times 12', 36],
  ['square root of 144', 12],
  ['the cube root of 27', 3],
  ['15% off 80', 68],
  ['half off 80', 40],
  ['12 plus 30 divided by 5', 18],
  ['2 to the power of 10', 1024],
  ['two to the tenth', 1024],
  ['five squared', 25],
  ['half of 90', 45],
  ['three quarters of 88', 66],
  ['two thirds of ninety', 60],
  ['a quarter of a million', 250_000],
  ['forty two times nineteen', 798],
  ['one hundred and five minus six', 99],
  ['two thousand three hundred and forty over two', 1170],
  ['two and a half times four', 10],
  ['three point one four times two', 6.28],
  ['1.5 million divided by 3', 500_000],
  ['split 187.50 between 5 people', 37.5],
  ['divide 144 by 9', 16],
  ['subtract 5 from 20', 15],
  ['add up 12, 45, 7 and 101', 165],
  ['add 5 to 7', 12],
  ['multiply 6 by 7', 42],
  ['take 5 off 20', 15],
  ['increase 80 by 15 percent', 92],
  ['add 20 percent to 50', 60],
  ['add 0.2 to 50', 50.2],
  ['average of 3, 4 and 8', 5],
  ['the sum of 5 and 7', 12],
  ['difference between 5 and 8', 3],
  ['remainder of 17 divided by 5', 2],
  ['20 is what percent of 80', 25],
  ['what percentage of 80 is 20', 25],
  ['20 percent more than 50', 60],
  ['seven less than 20', 13],
  ['how many times does 7 go into 56', 8],
  ['10 choose 3', 120],
  ['log base 2 of 8', 3],
  ['sine of 30 degrees', 0.5],
  ['minus five plus three', -2],
  ['double 45', 90],
  ['3 dozen times 2', 72],
  ['twenty-five minus seven', 18],
  ['what do I get if I divide 144 by 9', 16],
  ['work out 2 to the power of 12 for me', 4096],
  ['can you tell me what 30% off 235 is, please', 164.5],
  ['what does two plus two equal', 4],
  ['what is an 18 percent tip on 20 dollars', 3.6],
  ['what is 3/4 of 18', 13.5],
  ['the square of 4', 16],
  ['do the maths: 450 / 12', 37.5],
  ['what is the remainder when 521 is divided by 3', 2],
]

test('written arithmetic gives the exact result', () => {
  for (const [expression, value] of WRITTEN)
    assert.equal(calculateExpression(expression).value, value, expression)
})

test('spoken arithmetic gives the result that people mean', () => {
  for (const [expression, value] of SPOKEN)
    assert.equal(calculateExpression(expression).value, value, expression)
})

test('the answer is a sentence with the result', () => {
  const said: readonly (readonly [string, string])[] = [
    ['17 percent of 2,340', '17 percent of 2,340 is 397.8.'],
    ['what is the square root of 144?', 'The square root of 144 is 12.'],
    ['10 / 3', 'The answer is about 3.333333.'],
    ['20 is what percent of 80', 'The answer is 25 percent.'],
    ['123456789 * 987654321', 'The answer is 121,932,631,112,635,269.'],
    ['170!', 'The answer is about 7.25742 times 10 to the power of 306.'],
    ['0 * -1', 'The answer is 0.'],
  ]
  for (const [expression, text] of said) assert.equal(calculateExpression(expression).text, text)
})

test('what is no arithmetic is refused and nothing of it is run', () => {
  const refused = [
    '',
    'hello',
    'x = 5',
    'f(x) = x',
    'constructor',
    '__proto__',
    'toString()',
    'hasOwnProperty(1)',
    'import("fs")',
    'createUnit("x")',
    'evaluate("1+1")',
    'parse(1)',
    'simplify(1)',
    'derivative(1, 2)',
    'ones(1000, 1000)',
    '[1, 2; 3, 4]',
    '1:1000000',
    '"text" + 1',
    'true and false',
    'i * i',
    '2 +',
    '(1 + 2',
    '1 2',
    'percent of 5',
    '5 miles',
    '2026-11-22',
    '020 7946 0123',
    '1.2.3',
  ]
  for (const expression of refused)
    assert.throws(() => calculateExpression(expression), ActionError, `${expression} was accepted`)
})

test('what has no real answer, or none below 1e308, is refused by name', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['1 / 0', /zero/],
    ['5 mod 0', /zero/],
    ['tan(90 deg)', /zero/],
    ['sqrt(-4)', /real/],
    ['(-8)^(1/3)', /real/],
    ['asin(2)', /real/],
    ['0^-1', /large/],
    ['171!', /170/],
    ['(-1)!', /170/],
    ['2.5!', /170/],
    ['9^9^9^9', /large/],
    ['1e308 * 10', /large/],
    ['1e400', /large/],
    ['combinations(1e9, 5)', /1000/],
    ['gcd(1e300, 3)', /whole number/],
    ['sin(1e300)', /angle/],
    ['sqrt(1, 2)', /takes 1 number, not 2/],
  ]
  for (const [expression, message] of refused)
    assert.throws(() => calculateExpression(expression), { message }, expression)
})

test('an expression is at most 500 characters long and 50 levels deep', () => {
  assert.equal(calculateExpression(`${'1+'.repeat(249)}1`).value, 250)
  assert.throws(() => calculateExpression(`${'1+'.repeat(250)}1`), /500 characters/)
  assert.equal(calculateExpression(`${'('.repeat(50)}1${')'.repeat(50)}`).value, 1)
  assert.throws(() => calculateExpression(`${'('.repeat(51)}1${')'.repeat(51)}`), /50 levels/)
  assert.throws(() => calculateExpression(`1${'^1'.repeat(60)}`), /50 levels/)
  assert.throws(() => calculateExpression(`${'-'.repeat(60)}1`), /50 levels/)
})

test('whole numbers are added and multiplied as exactly as by hand', () => {
  const integer = fc.integer({ min: -99_999_999, max: 99_999_999 })
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      assert.equal(calculateExpression(`(${a}) * (${b})`).value, Number(BigInt(a) * BigInt(b)) + 0)
      assert.equal(calculateExpression(`${a} - (${b})`).value, a - b)
    }),
  )
})

test('any text is either calculated or refused with a sentence', () => {
  const word = fc.constantFrom(
    ...'1 2.5 half of percent plus ( ) - ^ ! sqrt and , x times to the is e off %'.split(' '),
  )
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(text, (expression) => {
      try {
        assert.ok(Number.isFinite(calculateExpression(expression).value))
      } catch (error) {
        assert.ok(error instanceof ActionError, String(error))
      }
    }),
    { numRuns: 1000 },
  )
})
