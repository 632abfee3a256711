using MMDetSharp.Engine.Progress;

namespace MMDetSharp.Tests.Engine.Progress;

public sealed class ConsoleProgressTests
{
    private static readonly ProgressReport Report = new()
    {
        Task = "train",
        Epoch = 1,
        MaxEpochs = 12,
        Done = 50,
        Total = 7330,
        Loss = 1.23456,
        LearningRate = 0.01,
        ImagesPerSecond = 11.94,
        Left = new TimeSpan(1, 2, 3),
        IsLogged = true,
    };

    [Fact]
    public void Update_AtALogInterval_WritesALineWithSpeedLossAndTimeLeft()
    {
        var writer = new StringWriter();

        new ConsoleProgress(writer).Update(Report);

        Assert.Equal(
            "train  epoch 1/12    50/7330  loss 1.2346  lr 1.00e-02  11.9 img/s  left 1:02:03" + Environment.NewLine,
            writer.ToString());
    }

    [Fact]
    public void Update_BetweenLogIntervals_WritesNothingUnlessLive()
    {
        var (plain, live) = (new StringWriter(), new StringWriter());

        new ConsoleProgress(plain).Update(Report with { IsLogged = false });
        new ConsoleProgress(live, isLive: true).Update(Report with { IsLogged = false });

        Assert.Equal("", plain.ToString());
        Assert.Contains("[", live.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Message_WhileABarIsShown_ErasesItFirst()
    {
        var writer = new StringWriter();
        var progress = new ConsoleProgress(writer, isLive: true);
        progress.Update(Report with { IsLogged = false });

        progress.Message("done");

        Assert.EndsWith("\rdone" + Environment.NewLine, writer.ToString(), StringComparison.Ordinal);
    }
}
