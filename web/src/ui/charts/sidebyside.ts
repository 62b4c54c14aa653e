/** Lying bars in pairs: one's own figure and the one it is compared with. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Pair {
  name: string
  own: number
  other: number | null
  shown: string
}

const ROW = 44
const FRAME = 48

export const pairsHeight = (pairs: readonly Pair[]) => pairs.length * ROW + FRAME

export function pairsOption(pairs: readonly Pair[], own: string, other: string): EChartsCoreOption {
  const bars = (name: string, colour: string, data: (number | null)[]) => ({
    type: 'bar',
    name,
    data,
    barMaxWidth: 14,
    itemStyle: { color: colour, borderRadius: [0, 2, 2, 0] },
  })
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 64, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, itemHeight: 8, textStyle: { color: '#4a5568' } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' } },
    xAxis: { type: 'value', axisLabel: { color: '#5f6b82' }, splitLine: { lineStyle: { color: '#e9edf3' } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: pairs.map((one) => one.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c8d0dc' } },
      axisLabel: { color: '#1c2433' },
    },
    series: [
      {
        ...bars(
          own,
          '#1b4b91',
          pairs.map((one) => one.own),
        ),
        label: {
          show: true,
          position: 'right',
          color: '#1c2433',
          formatter: ({ dataIndex }: { dataIndex: number }) => pairs[dataIndex]?.shown ?? '',
        },
      },
      bars(
        other,
        '#a9b7cc',
        pairs.map((one) => one.other),
      ),
    ],
  }
}
