"""Words of the page of a way in English, Chinese and Russian."""

from __future__ import annotations

from typing import Final

from landport.report.load_words import LANGUAGES

TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "title": ("Route", "运输路线", "Маршрут"),
    "language": ("Language", "语言", "Язык"),
    "theme": ("Light or dark", "浅色或深色", "Светлая или тёмная тема"),
    "print": ("Print", "打印", "Печать"),
    "ready": ("ready", "备妥", "готов"),
    "due": ("due", "到期", "срок"),
    "each": ("gross each", "毛重/箱", "брутто каждый"),
    "goods": ("goods", "货物", "груз"),
    "best": ("Best choice", "最佳方案", "Лучший вариант"),
    "by_time": ("by arrival", "按到达时间", "по прибытию"),
    "by_cost": ("by cost", "按费用", "по стоимости"),
    "by_co2": ("by emissions", "按排放", "по выбросам"),
    "by_odds": ("by odds of arriving in time", "按准时概率", "по вероятности успеть"),
    "arrives": ("Arrives", "到达", "Прибытие"),
    "half": ("half by", "半数不晚于", "половина до"),
    "most": ("nine tenths by", "九成不晚于", "девять десятых до"),
    "fromReady": ("From ready", "自备妥起", "От готовности"),
    "days": ("days", "天", "сут"),
    "underWay": ("under way", "在途", "в пути"),
    "cost": ("Cost", "费用", "Стоимость"),
    "perBox": ("USD a box", "USD/箱", "USD за контейнер"),
    "emissions": ("Emissions", "排放", "Выбросы"),
    "perTkm": ("g a t·km of cargo", "克/吨公里（货物）", "г на т·км груза"),
    "changes": ("Changes", "换装", "Перегрузки"),
    "gauges": ("gauge changes", "换轨", "смен колеи"),
    "gaugesHead": ("Gauge changes", "换轨", "Смен колеи"),
    "byDue": ("By due", "按期概率", "К сроку"),
    "noDue": ("nothing is due", "未设到期时间", "срок не задан"),
    "noOdds": ("no odds drawn", "未计算概率", "вероятность не считалась"),
    "choices": ("Choices", "可选方案", "Варианты"),
    "choice": ("Choice", "方案", "Вариант"),
    "pick": ("click one to follow it below", "点击方案查看详情", "нажмите, чтобы проследить ниже"),
    "bestOf": ("best", "最优", "лучшее"),
    "spread": ("Arrival: planned, half, nine tenths", "到达：计划、半数、九成", "Прибытие: план, половина, 9/10"),
    "map": ("Where they go", "路线图", "Где проходят"),
    "mapNote": (
        "thin: the network by gauge; ◆ gauge change",
        "细线：按轨距的路网；◆ 换轨",
        "тонко: сеть по колее; ◆ смена колеи",
    ),
    "ferry": ("ferry", "轮渡", "паром"),
    "road": ("road", "公路", "дорога"),
    "timeline": ("When it moves, when it stands", "运行与等待", "Когда едет, когда стоит"),
    "timelineNote": ("days of the destination", "按目的地日期", "дни места назначения"),
    "stands": ("stands", "等待", "стоит"),
    "work": ("work", "作业", "работа"),
    "spreadKey": ("half to nine tenths have arrived", "半数至九成已到达", "прибыли от половины до 9/10"),
    "follow": ("Ride by ride", "逐段行程", "По отрезкам"),
    "readyAt": ("Ready", "备妥", "Готов"),
    "ofIt": ("of it", "其中", "из них"),
    "onTrain": ("stays on the train", "不换车", "без пересадки"),
    "truck": ("Truck on demand", "按需卡车", "Грузовик по заказу"),
    "stops": ("Stops on the way", "途中停站", "Остановки в пути"),
    "missed": ("missed in", "错过概率", "не успевает в"),
    "late": ("late on average", "平均延误", "опоздание в среднем"),
    "stranded": ("do not get on before the timetable ends", "在时刻表结束前未能上车", "не уедут до конца расписания"),
    "never": ("not within the timetable", "时刻表内未到达", "не в пределах расписания"),
    "kind_lift": ("lift", "吊装", "перегрузка краном"),
    "kind_gauge-change": ("gauge change", "换轨", "смена колеи"),
    "kind_customs": ("customs", "海关", "таможня"),
    "kind_handover": ("hand-over", "交接", "передача"),
    "kind_port-wait": ("port", "港口", "порт"),
    "kind_quota": ("handed over under the quota of order", "按配额交接，命令", "передача по квоте, приказ"),
    "explain": ("How it adds up", "费用与排放明细", "Из чего складывается"),
    "method": (
        "Emissions by ISO 14083 / GLEC: mass × distance × factor, leg by leg, and mass × factor for each transfer at a "
        "terminal. A gross factor counts the box and its share of a wagon, a net one the cargo alone.",
        "排放按 ISO 14083 / GLEC 计算：质量 × 距离 × 系数，逐段相加；场站每次换装按 质量 × 系数 计。"
        "毛重系数计入箱体及车辆份额，净重系数仅计货物。",
        "Выбросы по ISO 14083 / GLEC: масса × расстояние × коэффициент, по участкам, и масса × коэффициент за каждую "
        "перегрузку на терминале. Коэффициент брутто считает контейнер и долю вагона, нетто — только груз.",
    ),
    "what": ("What", "项目", "Что"),
    "quantity": ("Quantity", "数量", "Количество"),
    "rate": ("Rate", "费率", "Ставка"),
    "parameter": ("Parameter", "参数", "Параметр"),
    "source": ("Source", "来源", "Источник"),
    "sum": ("Sum", "合计", "Итого"),
    "line_price": ("Freight", "运费", "Провоз"),
    "line_share": ("Share of the train", "列车固定费用份额", "Доля поезда"),
    "line_road": ("Truck", "卡车", "Грузовик"),
    "line_transfer": ("Transfer", "换装", "Перегрузка"),
    "line_quota": ("Hand-over under a quota", "配额交接", "Передача по квоте"),
    "line_terminal": ("Emissions at the terminal", "场站排放", "Выбросы терминала"),
    "line_emission": ("Emissions", "排放", "Выбросы"),
    "parameters": ("Parameters", "参数", "Параметры"),
    "confidence_published": ("published", "已公布", "опубликовано"),
    "confidence_derived": ("derived", "推算", "выведено"),
    "confidence_recall": ("recalled", "凭经验", "по памяти"),
    "confidence_assumed": ("assumed", "假定", "принято"),
    "confidence_given": ("given by the scenario", "方案给定", "задано сценарием"),
    "whatIf": ("What if", "假设", "Что если"),
    "edit_open": ("open", "开通", "открыто"),
    "edit_close": ("closed", "关闭", "закрыто"),
    "edit_gauge": ("gauge", "轨距", "колея"),
    "edit_slow": ("time", "用时", "время"),
    "edit_capacity": ("capacity", "能力", "пропускная способность"),
    "assumedRuns": ("assumed to run", "假定开行", "предполагается в ходу"),
    "none": ("There is no way", "没有可行路线", "Пути нет"),
    "state_waiting": ("a later plan may find one", "以后的计划可能可行", "возможно, найдёт следующий план"),
    "state_refused": ("refused", "拒绝", "отказано"),
    "advice": ("What would help", "可行的调整", "Что поможет"),
    "code_overweight": ("Too heavy", "超重", "Слишком тяжёлый"),
    "code_order": ("An order forbids it", "停限装命令", "Запрещено приказом"),
    "code_equipment": ("Equipment not taken", "箱型不受理", "Тип не принимается"),
    "code_too-late": ("Too late", "无法按期到达", "Слишком поздно"),
    "code_no-connection": ("No connection", "无衔接", "Нет связи"),
    "proof": ("Proof", "证明", "Доказательство"),
    "found": ("ways that no other beats", "个互不占优的方案", "путей, которые ничем не лучше друг друга"),
    "of": ("of", "/", "из"),
    "exact": ("the front is exact but for", "前沿精确到", "фронт точен с точностью до"),
    "exactly": ("the front is exact", "前沿精确", "фронт точен"),
    "inexact": (
        "not exact: ways were dropped that go in circles, or for want of room",
        "不精确：舍弃了绕圈的方案，或因容量不足舍弃",
        "неточно: отброшены пути по кругу или не хватило места",
    ),
    "samples": ("samples, seed", "次抽样，种子", "выборок, seed"),
    "oneError": ("± one standard error", "± 一个标准误", "± одна стандартная ошибка"),
    "allBoxes": (
        "money and emissions are for all boxes",
        "费用与排放为全部集装箱",
        "деньги и выбросы — за все контейнеры",
    ),
    "openOn": ("Lines open on", "线路开通日期", "Линии, открытые на"),
    "noMass": (
        "No mass was given: factors per tonne of cargo count 0.",
        "未给出质量：按货物吨计的系数按 0 计。",
        "Масса не задана: коэффициенты на тонну груза считаются за 0.",
    ),
    "read": ("Read", "数据", "Прочитано"),
    "recalled": (
        "rates are recalled or assumed, not published",
        "项费率为经验或假定值",
        "ставок приняты или по памяти",
    ),
    "d": ("d", "天", "сут"),
    "h": ("h", "小时", "ч"),
    "min": ("min", "分", "мин"),
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日", "Пн Вт Ср Чт Пт Сб Вс"),
    "months": (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    ),
}
"""Each word in every language of `load_words.LANGUAGES`, in that order."""


def words(language: str) -> dict[str, str]:
    """Take the words of one language.

    Examples
    --------
    >>> words("zh")["cost"], words("ru")["h"]
    ('费用', 'ч')
    """
    n = list(LANGUAGES).index(language)
    return {key: said[n] for key, said in TABLE.items()}
