/** Lying bars made of parts, with a word at the end of each. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Part {
  name: string
  colour: string
  values: number[]
}

/** What stands behind a bar; `few`: of too few cases to compare, in grey. */
export interface End {
  text: string
  few: boolean
}

const ROW = 38
const FRAME = 76
const END_PX = 132

export const stacksHeight = (names: readonly string[]) => names.length * ROW + FRAME

/** `nameWidth`: how wide a name may be before it is cut. */
export function stacksOption(
  names: readonly string[],
  parts: readonly Part[],
  ends: readonly End[],
  nameWidth: number,
): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: END_PX, top: 48, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: '#4a5568' } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' }, confine: true },
    xAxis: {
      type: 'value',
      min: 0,
      minInterval: 1,
      axisLabel: { color: '#5f6b82' },
      splitLine: { lineStyle: { color: '#e9edf3' } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c8d0dc' } },
      axisLabel: { color: '#1c2433', width: nameWidth, overflow: 'truncate', fontSize: 13 },
    },
    series: parts.map((part, n) => ({
      type: 'bar',
      name: part.name,
      stack: 'all',
      barMaxWidth: 20,
      itemStyle: { color: part.colour },
      data: part.values,
      ...(n === parts.length - 1
        ? {
            label: {
              show: true,
              position: 'right',
              color: '#1c2433',
              rich: { few: { color: '#5f6b82' } },
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const end = ends[dataIndex]
                return end?.few ? `{few|${end.text}}` : (end?.text ?? '')
              },
            },
          }
        : {}),
    })),
  }
}
