import { dictionary, rule } from '../rewrite.ts'
import type { Rule } from '../rewrite.ts'

const NUMBER = '(-?\\d+(?:\\.\\d+)?)'

export const ARITHMETIC: readonly Rule[] = [
  rule('\\d+(?:\\.\\d+)?', '$0'),
  rule('[-+*/^()%!×÷√²³.]', '$0'),
  rule('mas', 'plus'),
  rule('y|&', '&'),
  rule('menos', 'minus'),
  rule('por|x|multiplicado por', 'times'),
  rule('(?:dividido |dividida )?(?:entre)|dividido por|sobre', 'divided by'),
  rule('elevado a(?: la)?(?: potencia)?(?: de)?', 'to the power of'),
  rule('al cuadrado', 'squared'),
  rule('al cubo', 'cubed'),
  rule('(?:la )?raiz(?: cuadrada)? de', 'square root of'),
  rule('(?:la )?raiz cubica de', 'cube root of'),
  rule('por ciento|porciento|%', 'percent'),
  rule('de|del', 'of'),
  rule(
    '(?:el )?(\\d+(?:\\.\\d+)?) (?:por ciento|porciento|%) (?:de iva |de propina |de descuento )?(?:de|sobre|a)',
    '$1 percent of',
  ),
  rule('el(?= \\d)', ''),
  rule(
    `(?:que )?(?:porcentaje|tanto por ciento|por ciento) (?:es|son|representa) ${NUMBER} (?:de|sobre) ${NUMBER}`,
    '$1 is what percent of $2',
  ),
  rule('(?:la )?mitad de', 'half of'),
  rule('(?:un|el) tercio de|la 3th parte de', 'one third of'),
  rule('2 tercios de', 'two thirds of'),
  rule('un cuarto de', 'a quarter of'),
  rule('3 cuartos de', 'three quarters of'),
  rule('(?:la )?suma (?:de|entre)', 'sum of'),
  rule('(?:la )?(?:media|promedio) (?:de|entre)|(?:el )?promedio (?:de|entre)', 'average of'),
  rule('(?:la )?diferencia (?:entre|de)', 'difference between'),
  rule('el doble de', 'double'),
  rule('factorial de (\\d+)', '$1 !'),
  rule('factorial', '!'),
  rule('pi', 'pi'),
  rule('abre parentesis', '('),
  rule('cierra parentesis', ')'),
  rule('un[oa]?', '1'),
  rule('(?:euros?|dolares|pesos)', ''),
]
export const GATHERING = /suma|media|promedio|diferencia/u

const UNIT = dictionary(`
  km = kilometro|kilometros|km
  m = metro|metros|m
  cm = centimetro|centimetros|cm
  mm = milimetro|milimetros|mm
  miles = milla|millas
  nautical miles = milla nautica|millas nauticas
  feet = pie|pies
  inches = pulgada|pulgadas
  yards = yarda|yardas
  kg = kilo|kilos|kilogramo|kilogramos|kg
  g = gramo|gramos|g
  mg = miligramo|miligramos
  tonnes = tonelada|toneladas
  pounds = libra|libras
  ounces = onza|onzas
  litres = litro|litros|l
  ml = mililitro|mililitros|ml
  cl = centilitro|centilitros
  cups = taza|tazas
  teaspoons = cucharadita|cucharaditas
  tablespoons = cucharada|cucharadas
  gallons = galon|galones
  pints = pinta|pintas
  celsius = grado celsius|grados celsius|celsius|grados centigrados|centigrados|grados
  fahrenheit = grados fahrenheit|fahrenheit
  kelvin = kelvin
  seconds = segundo|segundos
  minutes = minuto|minutos
  hours = hora|horas
  days = dia|dias
  weeks = semana|semanas
  months = mes|meses
  years = ano|anos
  km/h = kilometros por hora|km/h|km / h|kmh
  mph = millas por hora
  m/s = metros por segundo
  square metres = metros cuadrados|metro cuadrado
  square kilometres = kilometros cuadrados|kilometro cuadrado
  square feet = pies cuadrados
  hectares = hectarea|hectareas
  acres = acre|acres
  cubic metres = metros cubicos|metro cubico
  bytes = byte|bytes
  kilobytes = kilobyte|kilobytes
  megabytes = megabyte|megabytes|megas
  gigabytes = gigabyte|gigabytes|gigas
  terabytes = terabyte|terabytes|teras
  kilowatt hours = kilovatio hora|kilovatios hora
  horsepower = caballos|caballos de vapor
  binary = binario
  hexadecimal = hexadecimal
  decimal = decimal
  degrees = grados sexagesimales
  radians = radianes
  New York = nueva york
  Tokyo = tokio|tokyo
  London = londres
  Paris = paris
  Berlin = berlin|alemania
  Madrid = madrid|espana
  Mexico City = ciudad de mexico|mexico
  Buenos Aires = buenos aires
  Moscow = moscu
  Beijing = pekin
  Rome = roma
  Lisbon = lisboa
  Athens = atenas
  Vienna = viena
  Zurich = zurich
  Sydney = sidney
  Singapore = singapur
`)

export const NAMES = {
  unit: UNIT,
  amount: dictionary('1 = un|una|uno'),
  priority: dictionary(`
    high = alta|alto|maxima|urgente|importante|muy alta
    normal = normal|media|medio
    low = baja|bajo|minima
  `),
  aggregation: dictionary(`
    sum = suma|total
    average = media|promedio
    median = mediana
    min = minimo|menor|mas bajo|valor minimo
    max = maximo|mayor|mas alto|valor maximo
    count = cantidad|numero
  `),
  source: dictionary(`
    notes = notas|mis notas
    reminders = recordatorios|mis recordatorios
    tasks = tareas|mis tareas|mi lista de tareas
    calendar = calendario|agenda|citas|mi calendario|mi agenda|mis citas
  `),
  agent: dictionary(`
    concierge = conserje|concierge|recepcionista
    notes = notas|memoria|agente de notas
    reminders = recordatorios|calendario|agenda
    tasks = tareas|listas
    data = datos|calculadora
    text = texto|textos
    watcher = vigilante|observador|vigia
    fetcher = buscador|recuperador|fetcher
    guardian = guardian|seguridad|guarda
  `),
}

const LISTS = dictionary(`
  shopping = lista de la compra|lista de compra|lista de compras|lista de las compras|lista del super|lista del supermercado|compra|compras
  to do = lista de tareas|lista de cosas por hacer|lista de pendientes|lista de quehaceres|tareas|pendientes|lista de tareas pendientes|cosas por hacer
`)

/** "mi lista de la compra", "lista de regalos". */
export function listNamed(text: string, line: string): string | undefined {
  const known = LISTS.get(line.replace(/^(?:mi|nuestra|la|el|mis|las) /u, ''))
  if (known !== undefined) return known
  const words = text.trim().replace(/^(?:mi|nuestra|la|una)\s+/iu, '')
  if (words.split(/\s+/u).length > 6) return undefined
  const about =
    /^lista\s+(?:de|del|para|llamada)\s+(?:la|el|los|las)?\s*([\p{L}\p{M}\p{N}' -]{1,40})$/iu.exec(words)?.[1]
  return about === undefined || /\s(?:a|al|como|por|con|en|y)\s/iu.test(about) ? undefined : about.trim()
}
