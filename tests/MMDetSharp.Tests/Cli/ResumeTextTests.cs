using MMDetSharp.Cli;

namespace MMDetSharp.Tests.Cli;

public sealed class ResumeTextTests
{
    [Theory]
    [InlineData("train a.py", "./mmdet train a.py --resume-from w/iter_3.pth")]
    [InlineData("train a.py --resume-from old.pth --seed 3", "./mmdet train a.py --seed 3 --resume-from w/iter_3.pth")]
    [InlineData(
        "train|my data/a.py|--cfg-options|size=(4,3)|name='it'",
        @"./mmdet train 'my data/a.py' --cfg-options 'size=(4,3)' 'name='\''it'\''' --resume-from w/iter_3.pth")]
    public void Of_ACommandLine_KeepsItsWordsAsAShellReadsThem(string line, string expected)
    {
        var words = line.Split(line.Contains('|', StringComparison.Ordinal) ? '|' : ' ');

        Assert.Equal(expected, ResumeText.Of(words, "w/iter_3.pth"));
    }
}
