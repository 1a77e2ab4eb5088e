/* Charts that earn their interaction (office only): <div data-chart="ID"> draws what <script type="application/json" id="ID">
   says: {kind: "bars"|"lines"|"dots", labels: [...], series: [{name, values: [...]}], unit, decimals, floor, words}. Values are plain
   numbers as shown (87.5, not hundredths). Colours come from the tokens, also when light and dark are switched. */
(function () {
  "use strict";
  var charts = [];
  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }

  function base(data) {
    var text = { color: token("ink-2"), fontFamily: token("text"), fontSize: 13 };
    var legend = data.series.length > 1 && data.kind !== "lines"; /* lines are labelled at their end */
    return {
      animation: false, textStyle: text, color: [token("bamboo-fill"), token("slate-fill"), token("amber-fill"), token("cinnabar-fill")],
      aria: { enabled: true, label: { description: data.words } },
      grid: { left: 8, right: data.kind === "lines" ? 96 : 40, top: legend ? 44 : 20, bottom: 8, containLabel: true },
      legend: legend ? { top: 0, left: 0, textStyle: text } : undefined,
      tooltip: { trigger: data.kind === "dots" ? "item" : "axis", backgroundColor: token("sheet"), borderColor: token("line-2"), textStyle: { color: token("ink"), fontFamily: token("text") },
        valueFormatter: function (value) { return value === null || value === undefined ? "—" : (data.decimals ? Number(value).toFixed(data.decimals) : value) + (data.unit || ""); } }
    };
  }
  function axes(data) {
    var words = { type: "category", data: data.labels, axisLabel: { color: token("ink-2"), hideOverlap: true }, axisLine: { lineStyle: { color: token("line-2") } }, axisTick: { show: false } };
    var figures = { type: "value", scale: data.kind !== "bars", axisLabel: { color: token("ink-3") }, splitLine: { lineStyle: { color: token("line") } } };
    if (data.kind !== "bars") return { xAxis: words, yAxis: figures };
    words.inverse = true;
    return { xAxis: figures, yAxis: words };
  }
  function series(data) {
    var floor = data.floor === undefined ? undefined : { silent: true, symbol: "none", lineStyle: { color: token("amber-fill") }, label: { color: token("amber"), formatter: "线 {c}", position: "insideEndTop" },
      data: [data.kind === "bars" ? { xAxis: data.floor } : { yAxis: data.floor }] };
    return data.series.map(function (one, i) {
      return { name: one.name, data: one.values, type: { bars: "bar", lines: "line", dots: "scatter" }[data.kind], markLine: i ? undefined : floor, barMaxWidth: 18, symbolSize: data.kind === "dots" ? 9 : 6, connectNulls: false,
        label: { show: data.kind === "bars" && data.labels.length <= 20, position: "right", color: token("ink-2") }, lineStyle: { width: 2.25 }, labelLayout: { moveOverlap: "shiftY" },
        endLabel: { show: data.kind === "lines", formatter: "{a}", color: token("ink") } };
    });
  }
  function draw(box) {
    var source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    var data = JSON.parse(source.textContent);
    var chart = window.echarts.getInstanceByDom(box) || window.echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(Object.assign(base(data), axes(data), { series: series(data) }), true);
    if (charts.indexOf(chart) < 0) charts.push(chart);
  }
  function all() { document.querySelectorAll("[data-chart]").forEach(draw); }
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("xiangyue:theme", all);
  document.addEventListener("htmx:afterSettle", all);
  window.addEventListener("resize", function () { charts.forEach(function (chart) { chart.resize(); }); });
})();
