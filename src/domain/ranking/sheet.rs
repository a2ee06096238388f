//! A ranking as a spreadsheet: who deserves a visit, with the reasons as columns that add up to the score, and a sheet
//! that says what it rests on.

use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError, utility};

use super::feature::{FEATURES, Feature};
use super::model::{Ranked, Ranking};
use crate::message;
use crate::platform::locale::{Locale, Message};

/// The columns before that of an average enterprise's score, with their widths.
const FIRST: [(&str, &str, f64); 12] = [
    ("名次", "Rank", 6.0),
    ("企业名称", "Enterprise", 30.0),
    ("统一社会信用代码", "Credit code", 22.0),
    ("行业", "Category", 12.0),
    ("危险类别", "Hazard class", 14.0),
    ("所在区划", "Place code", 18.0),
    ("经度", "lon", 11.0),
    ("纬度", "lat", 11.0),
    ("距离（米）", "Distance (m)", 10.0),
    ("分数", "Score", 8.0),
    ("区间下限", "Interval from", 10.0),
    ("区间上限", "Interval to", 10.0),
];
const SCORE: u16 = 9;
/// The score of an average enterprise, from which the reasons depart.
const BASE: u16 = FIRST.len() as u16;
const REMARK_WIDTH: f64 = 40.0;

/// The spreadsheet, in one language.
///
/// # Errors
/// When it cannot be assembled.
pub(super) fn sheet(ranking: &Ranking, locale: Locale) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let writer = Writer { locale };
    writer.enterprises(workbook.add_worksheet(), ranking)?;
    writer.basis(workbook.add_worksheet(), ranking)?;
    workbook.save_to_buffer()
}

struct Writer {
    locale: Locale,
}

impl Writer {
    fn pick(&self, message: &Message) -> String {
        message.in_locale(self.locale).to_owned()
    }

    fn enterprises(&self, sheet: &mut Worksheet, ranking: &Ranking) -> Result<(), XlsxError> {
        sheet.set_name(self.pick(&message!("风险排序", "Ranking")))?;
        let names = FIRST.map(|(zh, en, width)| (message!("{zh}", "{en}"), width));
        let base = (message!("平均企业得分", "Average enterprise"), 10.0);
        let points = Feature::ALL.iter().map(|feature| {
            let (zh, en) = (feature.zh(), feature.en());
            (message!("{zh}（分）", "{en} (points)"), 12.0)
        });
        let values = Feature::ALL.iter().map(|feature| {
            let (zh, en, unit) = (feature.zh(), feature.en(), feature.unit());
            let unit_zh = unit_in_chinese(unit);
            (message!("{zh}：{unit_zh}", "{en}: {unit}"), 16.0)
        });
        let remark = (message!("说明", "Remark"), REMARK_WIDTH);
        let headings: Vec<(Message, f64)> =
            names.into_iter().chain([base]).chain(points).chain(values).chain([remark]).collect();
        self.headings(sheet, &headings)?;
        sheet.set_freeze_panes(1, 2)?;
        for (line, one) in (1..).zip(&ranking.items) {
            self.enterprise(sheet, line, one, ranking.model.base)?;
        }
        let last = u32::try_from(ranking.items.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, last, u16::try_from(headings.len()).unwrap_or(1) - 1)?;
        Ok(())
    }

    fn enterprise(&self, sheet: &mut Worksheet, line: u32, one: &Ranked, base: f64) -> Result<(), XlsxError> {
        let tenths = Format::new().set_num_format("0.0");
        sheet.write_number(line, 0, one.rank as f64)?;
        sheet.write_string(line, 1, &one.name)?;
        sheet.write_string(line, 2, &one.code)?;
        sheet.write_string(line, 3, self.pick(&Message::new(one.category.zh(), one.category.key())))?;
        sheet.write_string(
            line,
            4,
            self.pick(&Message::new(one.hazard_class.zh(), one.hazard_class.key())),
        )?;
        sheet.write_string(line, 5, &one.place_code)?;
        for (column, degrees) in (6..).zip([one.at.lon(), one.at.lat()]) {
            sheet.write_number(line, column, degrees)?;
        }
        if let Some(distance_m) = one.distance_m {
            sheet.write_number(line, 8, distance_m)?;
        }
        for (column, bound) in (SCORE + 1..).zip(one.interval) {
            sheet.write_number_with_format(line, column, bound, &tenths)?;
        }
        if let Some(score) = one.score {
            // The reader sees that nothing else goes into it.
            let [first, last] =
                [BASE, BASE + FEATURES as u16].map(|column| utility::row_col_to_cell(line, column));
            let formula =
                Formula::new(format!("=ROUND(SUM({first}:{last}),1)")).set_result(score.to_string());
            sheet.write_formula_with_format(line, SCORE, formula, &tenths)?;
            sheet.write_number_with_format(line, BASE, base, &tenths)?;
        } else {
            let thin = self.pick(&message!("资料不足", "not enough"));
            sheet.write_string(line, SCORE, thin)?;
        }
        for reason in &one.reasons {
            let place = reason.feature as u16;
            if let Some(points) = reason.points {
                sheet.write_number_with_format(line, BASE + 1 + place, points, &tenths)?;
            }
            let column = BASE + 1 + FEATURES as u16 + place;
            match reason.value {
                Some(value) => sheet.write_number(line, column, value)?,
                None => sheet.write_string(line, column, self.pick(&message!("不详", "not known")))?,
            };
        }
        sheet.write_string(line, BASE + 1 + 2 * FEATURES as u16, self.pick(&one.words))?;
        Ok(())
    }

    /// What the scores rest on: the question, the model, its coefficients, and what they cannot know.
    fn basis(&self, sheet: &mut Worksheet, ranking: &Ranking) -> Result<(), XlsxError> {
        sheet.set_name(self.pick(&message!("依据", "Basis")))?;
        let model = &ranking.model;
        let (kind, on, days) = (ranking.kind, ranking.on, ranking.horizon_days);
        let (kind_zh, total, base) = (kind.zh(), ranking.total, model.base);
        let (events, windows) = (model.events, model.windows);
        let lines = [
            message!("类别：{kind_zh}", "Kind: {kind}"),
            message!(
                "截至 {on} 的记录，预计其后 {days} 天",
                "The record up to {on}, and the {days} days after it"
            ),
            message!("共 {total} 家企业", "{total} enterprises"),
            message!(
                "分数：{days} 天内至少发现一件该类隐患的机会（%）；区间十有九中",
                "Score: the chance in a hundred of at least one such find within {days} days; the interval holds nine in ten"
            ),
            message!(
                "平均企业 {base} 分，加各理由之分即为分数",
                "An average enterprise scores {base}; with the points of the reasons that is the score"
            ),
            message!(
                "“资料不足”者区间过宽，不给分数；资料缺失只加宽区间，不抬高分数",
                "Where it says \"not enough\", the interval is too wide for a score; what is not known widens it and raises nothing"
            ),
            model.words.clone(),
            message!("学自 {windows} 期、{events} 件隐患", "Learnt from {events} finds in {windows} periods"),
            message!(
                "巡查越勤，发现越多：计数按检查次数折算；未登记的走访无从校正",
                "More patrols find more: counts are per inspection made; visits nobody wrote down cannot be corrected for"
            ),
        ];
        let mut row = 0;
        for line in &lines {
            sheet.write_string(row, 0, self.pick(line))?;
            row += 1;
        }
        row += 1;
        let headings = [
            (message!("理由", "Reason"), 24.0),
            (message!("系数", "Coefficient"), 12.0),
            (message!("标准差", "Standard deviation"), 12.0),
            (message!("预设系数", "Prior mean"), 12.0),
            (message!("预设标准差", "Prior sd"), 12.0),
        ];
        self.headings_at(sheet, row, &headings)?;
        for coefficient in &model.coefficients {
            row += 1;
            sheet.write_string(row, 0, self.pick(&coefficient.label))?;
            let numbers = [coefficient.mean, coefficient.sd, coefficient.prior_mean, coefficient.prior_sd];
            for (column, number) in (1..).zip(numbers) {
                sheet.write_number(row, column, number)?;
            }
        }
        Ok(())
    }

    fn headings(&self, sheet: &mut Worksheet, headings: &[(Message, f64)]) -> Result<(), XlsxError> {
        self.headings_at(sheet, 0, headings)
    }

    fn headings_at(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        headings: &[(Message, f64)],
    ) -> Result<(), XlsxError> {
        let style = Format::new()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_text_wrap()
            .set_background_color(Color::RGB(0x00E8_EEF4));
        for (column, (name, width)) in (0..).zip(headings) {
            sheet.write_string_with_format(row, column, self.pick(name), &style)?;
            sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }
}

fn unit_in_chinese(unit: &str) -> &str {
    match unit {
        "0–1" => "0 至 1",
        "severity/4" => "严重程度之和÷4",
        "days" => "天",
        "hazards" => "件",
        other => other,
    }
}
