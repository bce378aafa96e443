/** A unit that people name: what the mathematics library calls it, and how it is said for one and for several. */
export interface Unit {
  code: string
  one: string
  many: string
}

/** Code of the library, singular, plural, and further names; spellings with "-meter" and "-liter" follow by rule. */
const ROWS: readonly string[] = [
  // Length.
  'mm|millimetre|millimetres|mms',
  'cm|centimetre|centimetres|cms',
  'dm|decimetre|decimetres',
  'm|metre|metres|mtr|mtrs',
  'km|kilometre|kilometres|kms|klick|klicks',
  'micrometer|micrometre|micrometres|micron|microns|µm',
  'nm|nanometre|nanometres',
  'inch|inch|inches|in|ins|"|″',
  'foot|foot|feet|ft|′',
  'yard|yard|yards|yd|yds',
  'mile|mile|miles|mi|statute mile|statute miles',
  'nauticalmile|nautical mile|nautical miles|nmi|sea mile|sea miles',
  'furlong|furlong|furlongs',
  'fathom|fathom|fathoms',
  'astronomicalunit|astronomical unit|astronomical units|au',
  'lightyear|light year|light years|lightyear|lightyears|ly',
  'parsec|parsec|parsecs|pc',
  // Mass.
  'mg|milligram|milligrams|milligramme|milligrammes|mgs',
  'microgram|microgram|micrograms|mcg|µg|ug',
  'g|gram|grams|gramme|grammes|gm|gms|gr',
  'kg|kilogram|kilograms|kilogramme|kilogrammes|kilo|kilos|kgs',
  'tonne|tonne|tonnes|metric ton|metric tons|t',
  'ton|ton|tons|short ton|short tons|us ton|us tons',
  'longton|long ton|long tons|imperial ton|imperial tons|uk ton|uk tons',
  'ounce|ounce|ounces|oz|ozs',
  'poundmass|pound|pounds|lb|lbs|lbm',
  'stone|stone|stone|stones|st',
  'carat|carat|carats|ct',
  'grain|grain|grains',
  // Area; squares of lengths follow by rule.
  'internationalacre|acre|acres',
  'hectare|hectare|hectares|ha',
  // Volume; cubes of lengths follow by rule. Cups, pints and gallons are the American ones unless said otherwise.
  'ml|millilitre|millilitres|mls|cc|ccs',
  'cl|centilitre|centilitres',
  'dl|decilitre|decilitres',
  'l|litre|litres|ltr|ltrs',
  'hl|hectolitre|hectolitres',
  'usteaspoon|teaspoon|teaspoons|tsp|tsps',
  'ustablespoon|tablespoon|tablespoons|tbsp|tbsps|tbs',
  'usfluidounce|fluid ounce|fluid ounces|fl oz|floz|us fluid ounce|us fluid ounces',
  'uscup|cup|cups|us cup|us cups',
  'uspint|pint|pints|pt|pts|us pint|us pints',
  'usquart|quart|quarts|qt|qts',
  'usgallon|gallon|gallons|gal|gals|us gallon|us gallons',
  'imperialfluidounce|imperial fluid ounce|imperial fluid ounces|uk fluid ounce|uk fluid ounces',
  'imperialpint|imperial pint|imperial pints|uk pint|uk pints|british pint|british pints',
  'imperialgallon|imperial gallon|imperial gallons|uk gallon|uk gallons|british gallon|british gallons',
  'usbarrel|barrel|barrels|bbl|oil barrel|oil barrels',
  // Time.
  'ns|nanosecond|nanoseconds',
  'microsecond|microsecond|microseconds|µs',
  'ms|millisecond|milliseconds|msec|msecs',
  'second|second|seconds|s|sec|secs',
  'minute|minute|minutes|min|mins',
  'hour|hour|hours|h|hr|hrs',
  'day|day|days|d',
  'week|week|weeks|wk|wks',
  'fortnight|fortnight|fortnights',
  'month|month|months',
  'year|year|years|yr|yrs',
  'decade|decade|decades',
  'century|century|centuries',
  // Temperature.
  'degC|degree Celsius|degrees Celsius|celsius|centigrade|degrees centigrade|degree centigrade|c|°c|degrees c|degree c',
  'degF|degree Fahrenheit|degrees Fahrenheit|fahrenheit|f|°f|degrees f|degree f|farenheit|fahrenheits',
  'K|kelvin|kelvin|kelvins|k|degrees kelvin',
  // Speed; others follow by rule from "per".
  'mph|mile per hour|miles per hour|mph',
  'kph|kilometre per hour|kilometres per hour|kph|kmh|kmph|kmh',
  'knot|knot|knots|kt|kts|kn',
  'mach|Mach|Mach',
  // Energy and power.
  'joule|joule|joules|j',
  'kJ|kilojoule|kilojoules|kj',
  'MJ|megajoule|megajoules|mj',
  'calorie|calorie|calories|cal|small calorie|small calories',
  'kilocalorie|kilocalorie|kilocalories|kcal|kcals|food calorie|food calories',
  'Wh|watt hour|watt hours|wh|watt-hour|watt-hours',
  'kWh|kilowatt hour|kilowatt hours|kwh|kilowatt-hour|kilowatt-hours',
  'BTU|BTU|BTUs|british thermal unit|british thermal units',
  'eV|electronvolt|electronvolts|ev|electron volt|electron volts',
  'watt|watt|watts|w',
  'kW|kilowatt|kilowatts|kw',
  'MW|megawatt|megawatts',
  'GW|gigawatt|gigawatts|gw',
  'horsepower|horsepower|horsepower|horse power|bhp|hp',
  // Pressure and force.
  'Pa|pascal|pascals|pa',
  'hPa|hectopascal|hectopascals|hpa',
  'kPa|kilopascal|kilopascals|kpa',
  'bar|bar|bar|bars',
  'mbar|millibar|millibars|mbars',
  'psi|pound per square inch|pounds per square inch',
  'atm|atmosphere|atmospheres',
  'mmHg|millimetre of mercury|millimetres of mercury',
  'newton|newton|newtons',
  'lbf|pound-force|pounds-force|pound force',
  // Electricity, frequency and angles.
  'volt|volt|volts|v',
  'mV|millivolt|millivolts|mv',
  'kV|kilovolt|kilovolts|kv',
  'ampere|amp|amps|ampere|amperes',
  'mA|milliamp|milliamps|ma',
  'ohm|ohm|ohms|Ω',
  'hertz|hertz|hertz|hz',
  'kHz|kilohertz|kilohertz|khz',
  'MHz|megahertz|megahertz|mhz',
  'GHz|gigahertz|gigahertz|ghz',
  'deg|degree|degrees|°|degs',
  'rad|radian|radians|rads',
  'arcmin|arcminute|arcminutes',
  'arcsec|arcsecond|arcseconds',
  'cycle|turn|turns|revolution|revolutions',
  // Data.
  'byte|byte|bytes|b',
  'kB|kilobyte|kilobytes|kb|kbs',
  'MB|megabyte|megabytes|mb|mbs|meg|megs',
  'GB|gigabyte|gigabytes|gb|gbs|gig|gigs',
  'TB|terabyte|terabytes|tb|tbs',
  'PB|petabyte|petabytes|pb',
  'bit|bit|bits',
  'kb|kilobit|kilobits|kbit|kbits',
  'Mb|megabit|megabits|mbit|mbits',
  'Gb|gigabit|gigabits|gbit|gbits',
  'KiB|kibibyte|kibibytes|kib',
  'MiB|mebibyte|mebibytes|mib',
  'GiB|gibibyte|gibibytes|gib',
  'TiB|tebibyte|tebibytes|tib',
  'mbps|megabit per second|megabits per second',
  'gbps|gigabit per second|gigabits per second',
  // Fuel.
  'mpg|mile per gallon|miles per gallon|us mpg',
  'imperialmpg|mile per imperial gallon|miles per imperial gallon|uk mpg|imperial mpg',
  'litresper100km|litre per 100 kilometres|litres per 100 kilometres|l/100km|l/100 km|litres per 100 km|litres per hundred kilometres',
]

/** Units that the mathematics library lacks, by what they are in its own. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  nauticalmile: '1852 m',
  furlong: '220 yard',
  fathom: '6 foot',
  astronomicalunit: '149597870700 m',
  lightyear: '9460730472580800 m',
  parsec: '30856775814913673 m',
  longton: '2240 poundmass',
  carat: '0.2 g',
  // The library rounds these to seven digits, and then a gallon is not quite four quarts.
  internationalacre: '4046.8564224 m^2',
  usteaspoon: '4.92892159375 ml',
  ustablespoon: '14.78676478125 ml',
  usfluidounce: '29.5735295625 ml',
  uscup: '236.5882365 ml',
  uspint: '473.176473 ml',
  usquart: '946.352946 ml',
  usgallon: '3785.411784 ml',
  usbarrel: '158987.294928 ml',
  imperialfluidounce: '28.4130625 ml',
  imperialpint: '568.26125 ml',
  imperialgallon: '4.54609 l',
  fortnight: '14 day',
  mph: '1 mile/hour',
  kph: '1 km/hour',
  knot: '1852 m/hour',
  mach: '340.29 m/s',
  horsepower: '550 foot lbf/second',
  calorie: '4.184 joule',
  kilocalorie: '4184 joule',
  mbps: '1 Mb/second',
  gbps: '1 Gb/second',
  mpg: '1 mile/usgallon',
  imperialmpg: '1 mile/imperialgallon',
  litresper100km: '0.01 l/km',
}

const NAMED = new Map<string, Unit>()
/** Codes in which capitals matter: "MW", "Mb", "degC". */
const EXACT = new Map<string, Unit>()
const CODES: string[] = []
for (const row of ROWS) {
  const [code = '', one = '', many = '', ...others] = row.split('|')
  const unit = { code, one, many }
  if (code !== code.toLowerCase()) EXACT.set(code, unit)
  CODES.push(code)
  for (const name of [one, many, ...others, code]) {
    const key = spelled(name)
    // The first row wins: "m" is the metre, "mb" is the megabyte.
    if (!NAMED.has(key)) NAMED.set(key, unit)
  }
}

/** Codes by which the mathematics library is asked; each must be known to it or defined above. */
export const UNIT_CODES: readonly string[] = CODES

function spelled(name: string): string {
  return name.toLowerCase().replace(/metre/g, 'meter').replace(/litre/g, 'liter').replace(/\s+/g, ' ').trim()
}

/** The unit that these words name: "kilometres", "MB", "square feet", "metres per second", or `undefined`. */
export function unitOf(words: string): Unit | undefined {
  const exact = words.trim()
  if (exact.length > 60) return undefined
  const name = spelled(exact)
    .replace(/^(?:the|a|an) /, '')
    .replace(/\.$/, '')
  return EXACT.get(exact) ?? NAMED.get(name) ?? rateOf(name) ?? poweredOf(name)
}

function rateOf(name: string): Unit | undefined {
  const [above = '', below = '', rest] = name.split(/ per | an? |\//)
  if (below === '' || rest !== undefined) return undefined
  const over = NAMED.get(above) ?? poweredOf(above)
  const under = NAMED.get(below) ?? poweredOf(below)
  if (over === undefined || under === undefined) return undefined
  return {
    code: `${over.code}/${under.code}`,
    one: `${over.one} per ${under.one}`,
    many: `${over.many} per ${under.one}`,
  }
}

const POWERS: readonly (readonly [RegExp, number])[] = [
  [/^(?:square|sq\.?|sqr) (.+)$|^(.+?) squared$|^([a-z]+)(?:\^2|²|2)$|^sq([a-z]+)$/, 2],
  [/^(?:cubic|cu\.?) (.+)$|^(.+?) cubed$|^([a-z]+)(?:\^3|³|3)$|^cu([a-z]+)$/, 3],
]

function poweredOf(name: string): Unit | undefined {
  for (const [pattern, power] of POWERS) {
    const base = NAMED.get(
      pattern
        .exec(name)
        ?.slice(1)
        .find((part) => part !== undefined) ?? '',
    )
    if (base === undefined) continue
    const word = power === 2 ? 'square' : 'cubic'
    return { code: `${base.code}^${power}`, one: `${word} ${base.one}`, many: `${word} ${base.many}` }
  }
  return undefined
}
