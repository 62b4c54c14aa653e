/** Lying bars, longest first, value at the end, mean as a dashed line. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Bar {
  rank: number
  name: string
  total: number
  shown: string
}

const ROW = 34
const FRAME = 56
const WIDEST_NAME = 190

export const heightOf = (bars: readonly Bar[]) => bars.length * ROW + FRAME

export function rankingOption(bars: readonly Bar[], mean?: { value: number; label: string }): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 72, top: 28, bottom: 8, containLabel: true },
    xAxis: { type: 'value', min: 0, axisLabel: { color: '#5f6b82' }, splitLine: { lineStyle: { color: '#e9edf3' } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((one) => `${one.rank}  ${one.name}`),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c8d0dc' } },
      axisLabel: { color: '#1c2433', width: WIDEST_NAME, overflow: 'truncate', fontSize: 13 },
    },
    series: [
      {
        type: 'bar',
        data: bars.map((one) => one.total),
        barMaxWidth: 20,
        itemStyle: { color: '#1b4b91', borderRadius: [0, 2, 2, 0] },
        label: {
          show: true,
          position: 'right',
          color: '#1c2433',
          formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.shown ?? '',
        },
        ...(mean
          ? {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { type: 'dashed', color: '#8a5200' },
                label: { formatter: mean.label, color: '#8a5200', position: 'start', distance: 4 },
                data: [{ xAxis: mean.value }],
              },
            }
          : {}),
      },
    ],
  }
}
