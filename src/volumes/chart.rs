//! The accounts as a picture: number, mean size and running total, one above the other.

use std::collections::BTreeSet;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{Account, Accounts, Flow, VolumesError};

/// Size of the picture, pixels.
const SIZE: (u32, u32) = (960, 900);

/// The accounts in the order of the legend, each with a colour that the colour-blind tell apart (Okabe and Ito 2008).
const FLOWS: [(Flow, RGBColor); 4] = [
    (Flow::PortCalls, RGBColor(0, 114, 178)),
    (Flow::PortLoadings, RGBColor(204, 121, 167)),
    (Flow::TransfersGross, RGBColor(230, 159, 0)),
    (Flow::TransfersNet, RGBColor(0, 158, 115)),
];

/// Colour of the cap.
const CAP: RGBColor = RGBColor(213, 94, 0);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn failed(e: impl std::fmt::Display) -> VolumesError {
    VolumesError::Chart(e.to_string())
}

/// What a panel shows.
struct Panel<'a> {
    title: &'a str,
    periods: &'a [String],
    /// Greatest value that must fit.
    top: f64,
}

impl Accounts {
    /// A picture in SVG of accounts that are grouped by one kind of period.
    ///
    /// # Errors
    /// If they are grouped otherwise, are empty, or can't be drawn.
    pub fn to_svg(&self) -> Result<String, VolumesError> {
        let periods: Vec<String> = self
            .lines
            .iter()
            .filter(|line| line.running_bbl.is_some())
            .map(|line| line.group[0].clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        if periods.is_empty() {
            return Err(VolumesError::Chart("nothing moved".to_owned()));
        }
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            root.fill(&WHITE).map_err(failed)?;
            let panels = root.split_evenly((3, 1));
            self.counts(&panels[0], &periods)?;
            self.sizes(&panels[1], &periods)?;
            self.totals(&panels[2], &periods)?;
            root.present().map_err(failed)?;
        }
        Ok(svg)
    }

    fn top(&self, of: impl Fn(&Account) -> Option<f64>) -> f64 {
        self.lines.iter().filter_map(of).fold(1.0, f64::max)
    }

    fn counts(&self, area: &Area, periods: &[String]) -> Result<(), VolumesError> {
        let panel = Panel {
            title: "Movements",
            periods,
            top: self.top(|line| Some(line.count)),
        };
        self.bars(area, &panel, |line| Some(line.count))
    }

    fn sizes(&self, area: &Area, periods: &[String]) -> Result<(), VolumesError> {
        let known = self.lines.iter().any(|line| line.mean_dwt_t.is_some());
        let size = |line: &Account| {
            if known {
                line.mean_dwt_t
            } else {
                line.mean_bbl()
            }
        };
        let panel = Panel {
            title: if known {
                "Mean deadweight, tonnes"
            } else {
                "Mean volume of a movement, barrels"
            },
            periods,
            top: self.top(size),
        };
        self.bars(area, &panel, size)
    }

    fn bars(
        &self,
        area: &Area,
        panel: &Panel,
        of: impl Fn(&Account) -> Option<f64>,
    ) -> Result<(), VolumesError> {
        let mut chart = panel.axes(area)?;
        let flows = self.flows();
        let width = 0.8 / flows.len().max(1) as f64;
        for (n, (flow, colour)) in flows.into_iter().enumerate() {
            let bars = self.of(flow).filter_map(|line| {
                let left = panel.place(line) - 0.4 + width * n as f64;
                let value = of(line)?;
                Some(Rectangle::new(
                    [(left, 0.0), (left + width, value)],
                    colour.filled(),
                ))
            });
            chart
                .draw_series(bars)
                .map_err(failed)?
                .label(flow.name())
                .legend(move |(x, y)| {
                    Rectangle::new([(x, y - 4), (x + 10, y + 4)], colour.filled())
                });
        }
        legend(&mut chart)
    }

    fn totals(&self, area: &Area, periods: &[String]) -> Result<(), VolumesError> {
        let panel = Panel {
            title: "Running total of the calendar year, barrels: best estimate, low to high, and the cap",
            periods,
            top: self
                .top(|line| line.running_bbl.map(|r| r[2]))
                .max(self.cap_bbl),
        };
        let mut chart = panel.axes(area)?;
        for (flow, colour) in self.flows() {
            let years: BTreeSet<String> = self.of(flow).map(year_of).collect();
            for (n, year) in years.into_iter().enumerate() {
                let points: Vec<(f64, [f64; 3])> = self
                    .of(flow)
                    .filter(|line| year_of(line) == year)
                    .filter_map(|line| Some((panel.place(line), line.running_bbl?)))
                    .collect();
                let low = points.iter().map(|(x, v)| (*x, v[0]));
                let high = points.iter().rev().map(|(x, v)| (*x, v[2]));
                let band: Vec<(f64, f64)> = low.chain(high).collect();
                chart
                    .draw_series([Polygon::new(band, colour.mix(0.15).filled())])
                    .map_err(failed)?;
                let best = points.iter().map(|(x, v)| (*x, v[1]));
                let line = LineSeries::new(best, colour.stroke_width(2)).point_size(3);
                let drawn = chart.draw_series(line).map_err(failed)?;
                if n == 0 {
                    drawn.label(flow.name()).legend(move |(x, y)| {
                        PathElement::new([(x, y), (x + 10, y)], colour.stroke_width(2))
                    });
                }
            }
        }
        let ends = [
            (-0.5, self.cap_bbl),
            (periods.len() as f64 - 0.5, self.cap_bbl),
        ];
        chart
            .draw_series(DashedLineSeries::new(ends, 6, 4, CAP.stroke_width(2)))
            .map_err(failed)?
            .label("cap")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 10, y)], CAP.stroke_width(2)));
        legend(&mut chart)
    }

    /// The accounts that hold anything.
    fn flows(&self) -> Vec<(Flow, RGBColor)> {
        FLOWS
            .into_iter()
            .filter(|(flow, _)| self.lines.iter().any(|line| line.flow == flow.name()))
            .collect()
    }

    /// The lines of an account.
    fn of(&self, flow: Flow) -> impl Iterator<Item = &Account> {
        self.lines
            .iter()
            .filter(move |line| line.flow == flow.name())
    }
}

fn year_of(line: &Account) -> String {
    line.group[0].chars().take(4).collect()
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

impl Panel<'_> {
    /// Where on the axis the period of a line stands.
    fn place(&self, line: &Account) -> f64 {
        self.periods.partition_point(|p| *p < line.group[0]) as f64
    }

    fn axes<'a, 'b>(&self, area: &'a Area<'b>) -> Result<Chart<'a, 'b>, VolumesError> {
        let n = self.periods.len();
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 16))
            .margin(12)
            .x_label_area_size(28)
            .y_label_area_size(90)
            .build_cartesian_2d(-0.5..n as f64 - 0.5, 0.0..self.top * 1.25)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(WHITE)
            .x_labels(n.min(24))
            .x_label_formatter(&|x| {
                let i = x.round();
                let on = (x - i).abs() < 0.01 && i >= 0.0;
                let period = on.then(|| self.periods.get(i as usize)).flatten();
                period.cloned().unwrap_or_default()
            })
            .y_label_formatter(&|y| super::show::grouped(*y))
            .draw()
            .map_err(failed)?;
        Ok(chart)
    }
}

fn legend<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>) -> Result<(), VolumesError> {
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .draw()
        .map_err(failed)
}
