import { readNumber } from '../numbers.ts'

/** An amount; `unit` is the name mathjs knows it by. */
export interface Quantity {
  readonly value: number
  readonly unit: string
}

/** Each unit with the ways it is said; a plural needs no entry of its own. */
const SPELLINGS: Readonly<Record<string, string>> = {
  mm: 'mm|millimeter|millimetre',
  cm: 'cm|centimeter|centimetre',
  m: 'm|meter|metre',
  km: 'km|kilometer|kilometre|k m|kms',
  inch: 'inch|inches|in|"',
  foot: 'foot|feet|ft',
  yard: 'yard|yd',
  mile: 'mile|mi',
  mg: 'mg|milligram|milligramme',
  g: 'g|gram|gramme|gm',
  kg: 'kg|kilo|kilogram|kilogramme|kgs',
  tonne: 'tonne|metric ton',
  ton: 'ton|short ton',
  oz: 'oz|ounce',
  lb: 'lb|pound|lbs',
  stone: 'stone|st',
  ml: 'ml|milliliter|millilitre',
  cl: 'cl|centiliter|centilitre',
  dl: 'dl|deciliter|decilitre',
  l: 'l|liter|litre',
  teaspoon: 'teaspoon|tsp',
  tablespoon: 'tablespoon|tbsp',
  floz: 'fluid ounce|fl oz',
  cup: 'cup',
  pint: 'pint|pt',
  quart: 'quart|qt',
  gallon: 'gallon|gal',
  degC: 'celsius|centigrade|c|°c|degree celsius|degree centigrade|degree c',
  degF: 'fahrenheit|f|°f|degree fahrenheit|degree f',
  K: 'kelvin|k|degree kelvin',
  deg: 'degree|°',
  rad: 'radian',
  s: 's|sec|second',
  minute: 'min|minute',
  hour: 'h|hr|hour',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year|yr',
  'km/h': 'km/h|kmh|kph|kilometer per hour|kilometre per hour|kilometer an hour|kilometre an hour',
  'mi/h': 'mph|mile per hour|mile an hour',
  'm/s': 'm/s|meter per second|metre per second',
  m2: 'm2|m²|square meter|square metre',
  km2: 'km2|km²|square kilometer|square kilometre',
  sqft: 'sqft|sq ft|ft²|square foot|square feet',
  sqmi: 'square mile',
  hectare: 'hectare|ha',
  acre: 'acre',
  m3: 'm3|m³|cubic meter|cubic metre',
  b: 'bit',
  B: 'byte',
  kB: 'kb|kilobyte',
  MB: 'mb|megabyte',
  GB: 'gb|gigabyte',
  TB: 'tb|terabyte',
  J: 'joule|j',
  kJ: 'kj|kilojoule',
  W: 'watt|w',
  kW: 'kw|kilowatt',
  'kW h': 'kwh|kilowatt hour',
  V: 'volt|v',
  A: 'amp|ampere',
  Pa: 'pascal|pa',
  bar: 'bar',
  psi: 'psi',
  atm: 'atm|atmosphere',
}

const UNITS = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, names]) => names.split('|').map((name) => [name, unit] as const)),
)
const WORDS_MAX = 12

/** The unit a word or phrase names, as mathjs knows it. */
export function readUnit(text: string): string | undefined {
  const name = text.trim().toLowerCase().replaceAll(/\s+/gu, ' ').replace(/\.$/u, '')
  const first = name.replace(/^(\p{L}{2,})s\b/u, '$1')
  const spellings = [name, first, name.replace(/s$/u, ''), first.replace(/s$/u, '')]
  return spellings.map((spelling) => UNITS.get(spelling)).find((unit) => unit !== undefined)
}

/** Reads "5 miles", "twelve and a half kg", "a cup"; `undefined` when the unit is not known. */
export function parseQuantity(text: string): Quantity | undefined {
  const words = text
    .trim()
    .replace(/(\d)(\p{L}|[°%"])/u, '$1 $2')
    .split(/\s+/u)
  if (words.length > WORDS_MAX) return undefined
  for (let split = 1; split < words.length; split += 1) {
    const unit = readUnit(
      words
        .slice(split)
        .join(' ')
        .replace(/^of an? /u, ''),
    )
    const value = unit === undefined ? undefined : valueOf(words.slice(0, split).join(' '))
    if (unit !== undefined && value !== undefined) return { value, unit }
  }
  return undefined
}

function valueOf(text: string): number | undefined {
  const lower = text.toLowerCase()
  if (lower === 'a' || lower === 'an') return 1
  return readNumber(lower.replace(/ (?:of )?an?$/u, ''))
}
