import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import { calculateExpression } from './arithmetic/calculate.ts'
import { EXPRESSION_CHARACTERS_MAX } from './arithmetic/tokens.ts'

export const calculate = action({
  summary: 'Works out arithmetic that is written or spoken, such as 12 * 8 or 17 percent of 2,340.',
  parameters: shape({ expression: Type.String({ minLength: 1, maxLength: EXPRESSION_CHARACTERS_MAX }) }),
  result: shape({ value: Type.Number() }),
  effect: 'read',
  pure: true,
  slots: { expression: 'expression' },
  questions: { expression: 'What should I work out?' },
  phrases: [
    '{expression}',
    '(what is|what are|what will be|how much is|how much are) {expression}',
    '(calculate|compute|evaluate|eval|solve) {expression}',
    '(work|figure) out {expression}',
    '(work|figure) out what {expression} (is|makes|comes to)',
    'what do (i|you|we) get (if|when) (i|you|we) {expression}',
    'what (does|do) {expression} (make|equal|come to|give|add up to)',
    'how much (does|do) {expression} (make|equal|come to|give|add up to)',
    'do the (maths|math|sum) for {expression}',
    'the (answer|result) (to|of) {expression}',
    'tell me [what] {expression} [is]',
    'give me {expression}',
    '{expression} is what',
    '{expression} equals [what]',
  ],
  examples: [
    'what is 64 divided by 4',
    'how much is 12 and a half percent of 900',
    'calculate 3.5 * 17',
    'can you add 230 and 415 for me',
    'what do I get when I multiply 23 by 7',
    'eighty four minus twenty nine',
    'the bill is 86 and I want to leave 12 percent, how much is that',
    'split a bill of 96 between four people',
    '20% off 149.99',
    'what is nine squared',
    'cube root of 125',
    'do the maths: 450 / 12',
    'half of three hundred and six',
    "what's two thirds of 600",
    'quick sum, 17 plus 38 plus 5',
    'I paid 45 for 6 of them, what is that each',
    '(18 - 4) * 3',
    'how many times does 8 go into 104',
    'what percentage of 250 is 40',
    'average of 12, 15 and 21',
    'if I save 35 a week how much is that after 12 weeks',
    'increase 1200 by 4 percent',
    'five factorial',
  ],
  perform: (_can, { expression }) => {
    const { value, text } = calculateExpression(expression)
    return { data: { value }, text }
  },
})
