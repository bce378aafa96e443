import { ActionError } from '../../skill.ts'
import { FUNCTIONS } from './functions.ts'

/** Characters of one expression; longer ones are pasted by mistake or by malice. */
export const EXPRESSION_CHARACTERS_MAX = 500

/** Signs that keyboards and word processors put in place of the plain ones. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/(\d)\s?½/g, '$1 and a half '],
  [/½/g, ' half '],
  [/(\d)\s?¼/g, '$1 and a quarter '],
  [/¼/g, ' quarter '],
  [/²/g, ' squared '],
  [/³/g, ' cubed '],
  [/[×·⋅∙]/g, ' * '],
  [/[÷∕⁄]/g, ' / '],
  [/[−–—]/g, '-'],
  [/√/g, ' sqrt '],
  [/π/g, ' pi '],
  [/°/g, ' deg '],
  [/[$€£¥]/g, ' '],
]

/** Spoken forms of several words, and words with the same meaning, with the token that stands for them. */
const SPOKEN: Readonly<Record<string, string>> = {
  'raised to the power of': '^',
  'to the power of': '^',
  'to the power': '^',
  'raised to the': '^',
  'raised to': '^',
  'to the': '^',
  '**': '^',
  'multiplied by': '*',
  times: '*',
  'is divided by': '/',
  'divided by': '/',
  over: '/',
  plus: '+',
  'added to': '+',
  minus: '-',
  negative: '-',
  less: '-',
  'take away': '-',
  'increased by': '+',
  'decreased by': '-',
  'reduced by': '-',
  'discounted by': '-',
  'more than': 'morethan',
  'less than': 'lessthan',
  'off of': 'off',
  'discount on': 'off',
  'tip on': 'of',
  'tax on': 'of',
  'vat on': 'of',
  'is what percent of': 'outof',
  'is what percentage of': 'outof',
  'is how many percent of': 'outof',
  'as a percentage of': 'outof',
  'as a percent of': 'outof',
  'what percent of': 'whatpercent',
  'what percentage of': 'whatpercent',
  'per cent': 'percent',
  percentage: 'percent',
  pct: 'percent',
  'goes into': 'into',
  'go into': 'into',
  'square root': 'sqrt',
  'cube root': 'cbrt',
  'cubic root': 'cbrt',
  'absolute value': 'abs',
  'natural logarithm': 'ln',
  'natural log': 'ln',
  'log base': 'logbase',
  'log to the base': 'logbase',
  logarithm: 'log',
  'greatest common divisor': 'gcd',
  'greatest common factor': 'gcd',
  'highest common factor': 'gcd',
  'least common multiple': 'lcm',
  'lowest common multiple': 'lcm',
  'remainder of': 'remainder',
  'remainder when': 'remainder',
  modulo: 'mod',
  modulus: 'mod',
  'add up': 'sum',
  'sum up': 'sum',
  'total up': 'sum',
  'tot up': 'sum',
  degree: 'deg',
  degrees: 'deg',
}

/** Words that carry no arithmetic: currencies, and what is counted or shared among. */
const NOISE = new Set('the people ways persons dollar dollars euro euros bucks quid bill power up'.split(' '))

/** What people say before the expression itself; one of these at a time is taken off until none is left. */
const LEADS = [
  'please|hey|so|and|ok|okay|um|uh|quick|quickly',
  '(?:can|could|would|will) you|i (?:need|want) to know|do you know',
  '(?:can|could|would|will) you (?:please )?(?:tell|give|find) me|let me know|help me',
  'what (?:do|would|will) (?:i|you|we) get (?:if|when) (?:i|you|we)|what (?:does|do)|how (?:do|would) (?:i|you)',
  "what(?:'s|s| is| are| would be|'ll be|'re)?(?= (?!percent))",
  'how much (?:is|are|does|do)|how many times (?:does|do|can|will)',
  '(?:do )?(?:the |some )?(?:quick )?(?:maths|math|sum)(?=:|,)|(?:solve|resolve|do|answer) (?:this|the) (?:equation|problem|calculation|sum)',
  'calculate|compute|evaluate|eval|work out|figure out|find(?: out)?(?: me)?|tell me|show me|give me|provide|solve',
  '(?:the )?(?:answer|result|value|solution) (?:of|to|for)',
]
const LEAD = new RegExp(`^(?:${LEADS.join('|')})[:,]? `)
const TRAIL =
  /(?: ?[?.=,;]| please| pls| equals?| is| make| give| come to| add up to| for me| quick| quickly| exactly| altogether)$/

const PHRASES = Object.keys(SPOKEN).toSorted((a, b) => b.length - a.length)
const PHRASE = new RegExp(
  PHRASES.map((phrase) => (/\w/.test(phrase) ? `\\b${phrase}\\b` : phrase.replaceAll('*', '\\*'))).join('|'),
  'g',
)
const GROUPED = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)/y
const TOKEN = /\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\d.])|\.\d+|log10|log2|[a-z]+|[-+*/^%!(),]/y

/**
 * The words and signs of an arithmetic expression, in a vocabulary of single tokens.
 *
 * @throws ActionError when it is too long or contains something that no expression contains.
 */
export function tokensOf(text: string): string[] {
  if (text.length > EXPRESSION_CHARACTERS_MAX)
    throw new ActionError(`An expression has at most ${EXPRESSION_CHARACTERS_MAX} characters.`)
  const plain = withoutPadding(text)
  if (/^\d{4}-\d\d-\d\d$/.test(plain)) throw new ActionError(`${plain} is a date, not an expression.`)
  return split(plain.replace(PHRASE, (phrase) => ` ${SPOKEN[phrase] ?? phrase} `))
}

function withPlainSigns(text: string): string {
  let plain = text
  for (const [sign, word] of SIGNS) plain = plain.replace(sign, word)
  return plain.replaceAll('’', "'").replace(/\s+/g, ' ').trim()
}

/** The bare expression in plain signs: without "what is", "please" and a question mark. */
export function withoutPadding(text: string): string {
  let rest = withPlainSigns(text.toLowerCase())
  for (;;) {
    const shorter = rest.replace(LEAD, '').replace(TRAIL, '')
    if (shorter === rest) return rest
    rest = shorter
  }
}

function split(text: string): string[] {
  const tokens: string[] = []
  const calls: boolean[] = []
  for (let at = 0; at < text.length;) {
    // A hyphen inside a spoken number ("twenty-five") joins its words; between digits it is a minus.
    if (text[at] === ' ' || /[a-z]-[a-z]/.test(text.slice(Math.max(0, at - 1), at + 2))) {
      at += 1
      continue
    }
    // Inside `max(1,200)` a comma separates; elsewhere it groups the digits of a thousand.
    const token = (calls.at(-1) === true ? undefined : match(GROUPED, text, at)) ?? match(TOKEN, text, at)
    if (token === undefined) throw new ActionError(`I cannot calculate with "${text.slice(at, at + 20)}".`)
    if (/^0\d/.test(token)) throw new ActionError(`"${token}" looks like a code, not like a number.`)
    if (token === '(') calls.push(takesList(tokens.at(-1) ?? ''))
    if (token === ')') calls.pop()
    if (!NOISE.has(token)) tokens.push(/^\d/.test(token) ? token.replaceAll(',', '') : token)
    at += token.length
  }
  return tokens
}

function takesList(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name) && FUNCTIONS[name]?.most !== 1
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
