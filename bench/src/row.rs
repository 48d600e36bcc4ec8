//! One line of the table, as fields between tabs; bench/run aligns them.

/// A ratio, with what it should be.
pub struct Row<'a> {
    /// What was measured.
    pub what: &'a str,
    /// What it took.
    pub measured: String,
    /// What it is compared with, and what that took.
    pub against: String,
    /// The ratio.
    pub ratio: String,
    /// The middle half of the ratios.
    pub quartiles: String,
    /// What it must be, and whether it is.
    pub bar: Option<(&'a str, bool)>,
    /// What is hoped for.
    pub goal: &'a str,
}

impl Row<'_> {
    /// Prints the line.
    pub fn print(&self) {
        let (bar, met) = self.bar.map_or(("-", "-"), |(bar, met)| (bar, if met { "yes" } else { "NO" }));
        let Row { what, measured, against, ratio, quartiles, goal, .. } = self;
        println!("{what}\t{measured}\t{against}\t{ratio}\t{quartiles}\t{bar}\t{goal}\t{met}");
    }
}
