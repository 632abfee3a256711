using MMDetSharp.Engine.Progress;

namespace MMDetSharp.Tests.Engine.Progress;

public sealed class LogTextTests
{
    [Theory]
    [InlineData(59, "0:00:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(86400 + 7384, "1 day, 2:03:04")]
    [InlineData((2 * 86400) + 1, "2 days, 0:00:01")]
    public void Duration_IsPythons(int seconds, string expected) =>
        Assert.Equal(expected, LogText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Json_ValuesOfEachKind_AreWrittenAsPythonDoes()
    {
        var line = LogText.Json(
        [
            new("mode", "train"), new("epoch", 1), new("lr", 0.00002), new("loss", 1.0), new("x", 0.123456789),
            new("nan", double.NaN), new("none", null), new("text", "a \"b\"\n"),
        ]);

        Assert.Equal(
            """{"mode": "train", "epoch": 1, "lr": 2E-05, "loss": 1.0, "x": 0.12346, "nan": NaN, "none": null, "text": "a \u0022b\u0022\n"}""",
            line);
    }
}
